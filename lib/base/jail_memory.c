#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/jailwork.h"

#define PATH_BYTES 64
#define TEXT_BYTES 4096

/* A file of /proc; false where it may not be read. */
static bool read_text(const char *pid, const char *name, char *text)
{
	char path[PATH_BYTES];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, TEXT_BYTES - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* `Pss_Anon:   12 kB` in bytes. */
static uint64_t kilobytes(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	return found ? strtoull(found + strlen(key), NULL, 10) * 1024 : 0;
}

/* What a process shares with others counts in parts, proc(5); files that are
 * mapped do not count.  One that hides this counts with all that it has. */
static uint64_t used_by(const char *pid)
{
	char text[TEXT_BYTES];
	char *end;

	if (read_text(pid, "smaps_rollup", text))
		return kilobytes(text, "Pss_Anon:") +
		    kilobytes(text, "Pss_Shmem:");
	if (!read_text(pid, "statm", text))
		return 0; /* it has ended */
	(void)strtoull(text, &end, 10);
	return strtoull(end, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t jail_memory_used(void)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	uint64_t sum = 0;

	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    strcmp(entry->d_name, "1") != 0)
			sum += used_by(entry->d_name);
	if (dir)
		closedir(dir);
	return sum;
}
