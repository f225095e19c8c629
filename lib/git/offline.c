/*
 * Keeps libgit2's network code, and NSS, out of our static programs.
 *
 * Debian's libgit2.a cannot be linked into a static program as it is: its
 * transports want libssh2 with libcrypto, and Kerberos, which has no static
 * library.  Nothing here ever clones, fetches or pushes.  So this object
 * defines the few functions through which the rest of libgit2 reaches that
 * code.  The linker finds them here first and never opens the members of
 * libgit2.a that contain the real ones: no TLS, no ssh, no HTTP, no threads,
 * no socket.  It saves 4 MB, and git_libgit2_init() no longer parses the
 * system's CA certificates at every start, which is 4 ms of 5 ms.
 *
 * What each group cuts off:
 *   initialisers  called by git_libgit2_init() and git_libgit2_opts()
 *   clone/remote  reached from submodule, branch and repository code
 *   packbuilder   reached from the in-memory object store (mempack.h); the
 *                 real one brings in threads, and those the resolver
 *   getpwuid_r    reached from the search for ~/.gitconfig; the real one is
 *                 NSS, which loads shared objects and may open sockets
 *
 * The names belong to libgit2 1.5.  tests/tools/probe.sh links
 * a program with them first; when that fails ("multiple definition" or
 * "undefined reference"), another version needs other names, and STATIC=0
 * does without this file.  Whatever is called here fails, as if there were no
 * remotes at all.
 */
#include <git2.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>

/* Private to libgit2, hence in none of its headers. */
typedef struct git_refspec git_refspec;
typedef struct git_str git_str;
extern bool git_http__expect_continue;
extern bool git_smart__ofs_delta_enabled;
int git_mbedtls_stream_global_init(void);
int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_openssl_stream_global_init(void);
int git_transport_ssh_global_init(void);
int git_clone__submodule(git_repository **out, const char *url,
    const char *path, const git_clone_options *options);
git_refspec *git_remote__matching_refspec(
    git_remote *remote, const char *refname);
git_refspec *git_remote__matching_dst_refspec(
    git_remote *remote, const char *refname);
int git_packbuilder__write_buf(git_str *out, git_packbuilder *pb);

static int no_network(void)
{
	git_error_set_str(GIT_ERROR_NET, "built without network code");
	return GIT_ERROR;
}

/* Initialisers, and two switches that git_libgit2_opts() sets. */

bool git_http__expect_continue;
bool git_smart__ofs_delta_enabled;

int git_mbedtls_stream_global_init(void)
{
	return 0;
}

int git_openssl_stream_global_init(void)
{
	return 0;
}

int git_transport_ssh_global_init(void)
{
	return 0;
}

int git_mbedtls__set_cert_location(const char *file, const char *path)
{
	(void)file;
	(void)path;
	return no_network();
}

/* Clone and remote. */

int git_clone(git_repository **out, const char *url, const char *path,
    const git_clone_options *options)
{
	(void)out;
	(void)url;
	(void)path;
	(void)options;
	return no_network();
}

int git_clone__submodule(git_repository **out, const char *url,
    const char *path, const git_clone_options *options)
{
	return git_clone(out, url, path, options);
}

int git_remote_lookup(git_remote **out, git_repository *repo, const char *name)
{
	(void)out;
	(void)repo;
	(void)name;
	return no_network();
}

int git_remote_list(git_strarray *out, git_repository *repo)
{
	(void)out;
	(void)repo;
	return no_network();
}

int git_remote_create(
    git_remote **out, git_repository *repo, const char *name, const char *url)
{
	(void)out;
	(void)repo;
	(void)name;
	(void)url;
	return no_network();
}

int git_remote_fetch(git_remote *remote, const git_strarray *refspecs,
    const git_fetch_options *options, const char *reflog_message)
{
	(void)remote;
	(void)refspecs;
	(void)options;
	(void)reflog_message;
	return no_network();
}

const char *git_remote_url(const git_remote *remote)
{
	(void)remote;
	return NULL;
}

void git_remote_free(git_remote *remote)
{
	(void)remote;
}

git_refspec *git_remote__matching_refspec(
    git_remote *remote, const char *refname)
{
	(void)remote;
	(void)refname;
	return NULL;
}

git_refspec *git_remote__matching_dst_refspec(
    git_remote *remote, const char *refname)
{
	(void)remote;
	(void)refname;
	return NULL;
}

/* Packbuilder: for git_mempack_dump(), which is not used. */

int git_packbuilder_new(git_packbuilder **out, git_repository *repo)
{
	(void)out;
	(void)repo;
	return no_network();
}

unsigned int git_packbuilder_set_threads(git_packbuilder *pb, unsigned int n)
{
	(void)pb;
	(void)n;
	return 0;
}

int git_packbuilder_insert_commit(git_packbuilder *pb, const git_oid *id)
{
	(void)pb;
	(void)id;
	return no_network();
}

int git_packbuilder__write_buf(git_str *out, git_packbuilder *pb)
{
	(void)out;
	(void)pb;
	return no_network();
}

void git_packbuilder_free(git_packbuilder *pb)
{
	(void)pb;
}

/*
 * Asked only by a process whose user and effective user differ, instead of
 * $HOME.  An error would make git_libgit2_init() fail there, so everybody
 * has a home without a .gitconfig.
 */
/* NOLINTNEXTLINE: the parameters are as pwd.h has them, names apart */
int getpwuid_r(uid_t uid, struct passwd *pwd, char *buf, size_t len,
    struct passwd **ret_pwd)
{
	static char empty[] = "";
	static char home[] = "/nonexistent";

	(void)buf;
	(void)len;
	*pwd = (struct passwd){ .pw_uid = uid };
	pwd->pw_name = pwd->pw_passwd = pwd->pw_gecos = pwd->pw_shell = empty;
	pwd->pw_dir = home;
	*ret_pwd = pwd;
	return 0;
}
