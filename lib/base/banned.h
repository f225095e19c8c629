#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * Functions nobody may call here.  The Makefile force-includes this file into
 * every source file, so that a call is a compile error that names what to use
 * instead.  It declares the functions itself and includes no header that does
 * ("a file compiles without <stdio.h>" must not become true by accident); the
 * system's own declarations, read later, keep the attribute.
 *
 * Three reasons to be on the list: it writes without a ceiling, it keeps its
 * result in a static buffer or reads the locale, or it asks NSS, which a
 * static program must not (it would load shared objects of another libc).
 */
#include <stddef.h>
#include <sys/types.h>

#if defined(__has_attribute)
#if __has_attribute(unavailable)
#define BANNED(instead) __attribute__((unavailable(instead)))
#endif
#endif
#ifndef BANNED /* gcc before 12: a warning, and an error with DEV=1 */
#define BANNED(instead) __attribute__((deprecated(instead)))
#endif

struct _IO_FILE;
struct addrinfo;
struct group;
struct hostent;
struct passwd;
struct tm;

/* No ceiling, or one that forgets the NUL. */
char *strcpy(char *, const char *) BANNED("use struct buf or arena_strdup");
char *strcat(char *, const char *) BANNED("use struct buf");
char *strncpy(char *, const char *, size_t) BANNED("use arena_strndup");
char *strncat(char *, const char *, size_t) BANNED("use struct buf");
int sprintf(char *, const char *, ...) BANNED("use snprintf or struct buf");
int vsprintf(char *, const char *, __builtin_va_list)
    BANNED("use vsnprintf or struct buf");
char *gets(char *) BANNED("use read or getline");
#pragma GCC diagnostic error "-Walloca"

/* No way to tell a number from a mistake. */
int atoi(const char *) BANNED("use base/num.h");
long atol(const char *) BANNED("use base/num.h");
long long atoll(const char *) BANNED("use base/num.h");

/* Results in static buffers; the zone and the locale of the server. */
char *strtok(char *, const char *) BANNED("use struct str");
struct tm *gmtime(const time_t *) BANNED("use gmtime_r");
struct tm *localtime(const time_t *) BANNED("all times are UTC: gmtime_r");
char *ctime(const time_t *) BANNED("all times are UTC: gmtime_r");
char *asctime(const struct tm *) BANNED("use strftime");
char *setlocale(int, const char *) BANNED("the locale stays C");

/* Races. */
char *mktemp(char *) BANNED("use mkstemp");
char *tmpnam(char *) BANNED("use mkstemp");

/* A shell between us and the program; bits that can be guessed. */
int system(const char *) BANNED("use base/process.h");
struct _IO_FILE *popen(const char *, const char *) BANNED("use base/process.h");
int rand(void) BANNED("use randombytes_buf");

/* NSS and the network. */
struct passwd *getpwnam(const char *) BANNED("read /etc/passwd");
struct passwd *getpwuid(uid_t) BANNED("read /etc/passwd");
int getpwnam_r(const char *, struct passwd *, char *, size_t, struct passwd **)
    BANNED("read /etc/passwd");
int getpwuid_r(uid_t, struct passwd *, char *, size_t, struct passwd **)
    BANNED("read /etc/passwd");
struct group *getgrnam(const char *) BANNED("read /etc/group");
struct group *getgrgid(gid_t) BANNED("read /etc/group");
struct hostent *gethostbyname(const char *) BANNED("no network in here");
int getaddrinfo(const char *, const char *, const struct addrinfo *,
    struct addrinfo **) BANNED("no network in here");

#undef BANNED
#endif
