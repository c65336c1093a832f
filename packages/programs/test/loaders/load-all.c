// Loads all programs of an object file, as a user of libbpf would.
#include <bpf/libbpf.h>
#include <stdio.h>
int main(int count, char **words) {
  struct bpf_object *object = bpf_object__open_file(words[1], NULL);
  struct bpf_program *program;
  if (!object || bpf_object__load(object)) return 1;
  bpf_object__for_each_program(program, object)
    printf("%s %d\n", bpf_program__name(program), bpf_program__fd(program) > 0);
  bpf_object__close(object);
}
