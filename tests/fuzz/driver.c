/*
 * A main() for fuzz targets without a fuzzer: runs the target over each file
 * it is given, and over each file in each directory it is given, and prints
 * their names.  So the last name printed is the input that did not go well.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_MAX_BYTES 4096
#define INPUT_MAX_BYTES ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The block has the exact size of the input, so that an overrun is seen. */
static int run_file(const char *path, size_t size)
{
	uint8_t *data = NULL;
	FILE *file;
	int r = -1;

	printf("%s\n", path);
	file = fopen(path, "rb");
	if (!file || size > INPUT_MAX_BYTES)
		goto out;
	data = malloc(size ? size : 1);
	if (!data || fread(data, 1, size, file) != size)
		goto out;
	LLVMFuzzerTestOneInput(data, size);
	r = 0;
out:
	if (r < 0)
		fprintf(stderr, "cannot read '%s'\n", path);
	free(data);
	if (file)
		fclose(file);
	return r;
}

static int run_directory(const char *path)
{
	char name[PATH_MAX_BYTES];
	struct dirent *entry;
	struct stat st;
	DIR *dir;
	int len, r = 0;

	dir = opendir(path);
	if (!dir) {
		if (errno == ENOENT)
			return 0; /* a target without a corpus yet */
		fprintf(stderr, "cannot open '%s'\n", path);
		return -1;
	}
	while (r == 0 && (entry = readdir(dir))) {
		len = snprintf(
		    name, sizeof(name), "%s/%s", path, entry->d_name);
		if (len < 0 || (size_t)len >= sizeof(name) ||
		    stat(name, &st) < 0)
			r = -1;
		else if (S_ISREG(st.st_mode))
			r = run_file(name, (size_t)st.st_size);
	}
	closedir(dir);
	return r;
}

int main(int argc, char **argv)
{
	struct stat st;
	int i, r = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 1; i < argc; i++) {
		if (stat(argv[i], &st) == 0 && S_ISREG(st.st_mode))
			r |= run_file(argv[i], (size_t)st.st_size);
		else
			r |= run_directory(argv[i]);
	}
	return r ? EXIT_FAILURE : EXIT_SUCCESS;
}
