# Servers that people really run, on loopback, each ended by the test that
# started it.  Sourced by tests/hosts/*.t; all of ../push/lib.sh is there too.
#
#	sshd_start			an OpenSSH of our own: $ssh_port, and a lax
#					one, $lax_port, that takes variables of clients
#	ssh_key NAME LINE		whoever has that key is given LINE, the
#					options of an authorized_keys line
#	gitolite_start			gitolite behind the third port of that sshd: $G
#	gitolite_key NAME, gitolite_install
#	http_start			nginx with git http-backend: $http_url
#	http_person NAME PASSWORD	somebody that it knows
# shellcheck shell=sh disable=SC2034 # what scripts use
# shellcheck source=../push/lib.sh
. "${0%/*}/../push/lib.sh"

account=$(id -un)
PORT_TRIES=5

# --- ports ------------------------------------------------------------------

free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

answers() { # answers PORT: within 10 s
	perl -MIO::Socket::INET -e '
		for (1 .. 100) {
			exit 0 if IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $ARGV[0]);
			select undef, undef, undef, 0.1;
		}
		exit 1' "$1"
}

give_up() {
	printf 'Bail out! %s\n' "$1"
	[ ! -f "$2" ] || sed 's/^/# /' "$2"
	exit 1
}

# A port that is free may be taken before the server has it: then another.
# serve NAME START: START starts it on $ports, and adds its pid to sinks
serve() {
	for _ in $(seq "$PORT_TRIES"); do
		ports="$(free_port) $(free_port) $(free_port)"
		"$2"
		answers "${ports%% *}" && kill -0 "${sinks##* }" 2>/dev/null && return
	done
	give_up "$1 does not start" "$tmp/$1.log"
}

# --- OpenSSH ----------------------------------------------------------------

sshd_config() {
	# shellcheck disable=SC2086 # three of them
	printf 'ListenAddress 127.0.0.1:%s\n' $ports
	cat <<X
HostKey $tmp/keys/host
PidFile none
UsePAM no
# the scratch folder is below one that everybody may write to
StrictModes no
PermitRootLogin forced-commands-only
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile $tmp/authorized_keys
AcceptEnv GIT_PROTOCOL
Match LocalPort $lax_port
	AcceptEnv GIT_* GL_* REMOTE_USER
Match LocalPort $gitolite_port
	AuthorizedKeysFile $tmp/gitolite/.ssh/authorized_keys
	SetEnv HOME=$tmp/gitolite
X
}

sshd_run() {
	ssh_port=${ports%% *}
	lax_port=${ports#* }
	lax_port=${lax_port% *}
	gitolite_port=${ports##* }
	sshd_config >"$tmp/sshd_config"
	# sshd starts itself again and wants to know where it lies
	/usr/sbin/sshd -D -f "$tmp/sshd_config" -E "$tmp/sshd.log" </dev/null >/dev/null 2>&1 &
	sinks="$sinks $!"
}

sshd_start() {
	key host >/dev/null
	: >"$tmp/authorized_keys"
	: >"$tmp/ssh_config"
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	serve sshd sshd_run
	# shellcheck disable=SC2086 # three of them
	printf "[127.0.0.1]:%s $(key host)\n" $ports >"$tmp/known_hosts"
	GIT_SSH_COMMAND="ssh -F $tmp/ssh_config"
	export GIT_SSH_COMMAND
}

ssh_way() { # ssh_way HOST PORT KEY
	cat >>"$tmp/ssh_config" <<X
Host $1
	HostName 127.0.0.1
	Port $2
	User $account
	IdentityFile $tmp/keys/$3
	IdentitiesOnly yes
	UserKnownHostsFile $tmp/known_hosts
	BatchMode yes
	ConnectTimeout 20
X
}

# Afterwards ssh://NAME/ and ssh://lax-NAME/ are that person's ways in.
ssh_key() { # ssh_key NAME OPTIONS
	printf '%s %s %s\n' "$2" "$(key "$1")" "$1" >>"$tmp/authorized_keys"
	ssh_way "$1" "$ssh_port" "$1"
	ssh_way "lax-$1" "$lax_port" "$1"
}

# --- http -------------------------------------------------------------------

http_workers='1 2 3 4'

http_config() {
	sockets=
	for n in $http_workers; do
		sockets="$sockets $tmp/http/$n"
	done
	[ "$(id -u)" != 0 ] || echo "user root;"
	# shellcheck disable=SC2086 # several sockets
	cat <<X
daemon off;
worker_processes 1;
pid $tmp/http/nginx.pid;
error_log $tmp/http.log;
events {}
http {
	access_log off;
	client_body_temp_path $tmp/http/body;
	fastcgi_temp_path $tmp/http/fastcgi;
	proxy_temp_path $tmp/http/proxy;
	uwsgi_temp_path $tmp/http/uwsgi;
	scgi_temp_path $tmp/http/scgi;
	upstream git {
$(printf '\t\tserver unix:%s;\n' $sockets)
	}
	server {
		listen 127.0.0.1:${ports%% *};
		client_max_body_size 0;
		location ~ ^/git(/.*)\$ {
			auth_basic git;
			auth_basic_user_file $tmp/http/people;
			fastcgi_pass git;
			fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
			fastcgi_param GIT_PROJECT_ROOT $tmp;
			fastcgi_param GIT_HTTP_EXPORT_ALL 1;
			fastcgi_param PATH_INFO \$1;
			fastcgi_param REMOTE_USER \$remote_user;
			fastcgi_param REMOTE_ADDR \$remote_addr;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_param CONTENT_TYPE \$content_type;
			fastcgi_param CONTENT_LENGTH \$content_length;
		}
	}
}
X
}

http_run() {
	http_config >"$tmp/http/nginx.conf"
	/usr/sbin/nginx -c "$tmp/http/nginx.conf" -e "$tmp/http.log" </dev/null >/dev/null 2>&1 &
	sinks="$sinks $!"
}

http_start() {
	mkdir "$tmp/http"
	: >"$tmp/http/people"
	# one for each that pushes at the same time: a parent of several would
	# leave them behind
	for n in $http_workers; do
		env -i PATH=/usr/bin:/bin HOME="$tmp" /usr/sbin/fcgiwrap -s "unix:$tmp/http/$n" \
		    </dev/null >"$tmp/fcgiwrap.$n.log" 2>&1 &
		sinks="$sinks $!"
	done
	serve http http_run
	http_url=http://127.0.0.1:${ports%% *}/git
	GIT_TERMINAL_PROMPT=0
	export GIT_TERMINAL_PROMPT
}

http_person() { # http_person NAME PASSWORD
	printf '%s:%s\n' "$1" "$(openssl passwd -apr1 "$2")" >>"$tmp/http/people"
}

# http_to NAME PASSWORD: the server's repository, for that person
http_to() {
	printf 'http://%s:%s@%s/%s\n' "$1" "$2" "${http_url#http://}" "${S##*/}"
}

# --- gitolite ---------------------------------------------------------------

# An account of its own is what gitolite wants; here it is another HOME.
gitolite() {
	(cd "$G" && env -i PATH=/usr/bin:/bin HOME="$G" USER="$account" \
	    LC_ALL=C gitolite "$@" >>"$tmp/gitolite.log" 2>&1) ||
		give_up "gitolite $1 failed" "$tmp/gitolite.log"
}

# A gitolite in $G that admin may configure: ssh://gl-NAME/ are the ways in.
gitolite_start() {
	G=$tmp/gitolite
	mkdir -p "$G"
	key admin >/dev/null
	gitolite setup -pk "$tmp/keys/admin.pub"
	sed -i -e 's/^\( *GIT_CONFIG_KEYS *=> *\).*/\1'"'stagegate\\\\\\\\..*',/" \
	    -e "s|^ *# *LOCAL_CODE *=> *\"\$ENV{HOME}/local\",|    LOCAL_CODE => \"\$ENV{HOME}/local\",|" \
	    "$G/.gitolite.rc"
}

gitolite_key() { # gitolite_key NAME
	key "$1" >/dev/null
	ssh_way "gl-$1" "$gitolite_port" "$1"
}

# What `install.sh --gitolite` does.
gitolite_install() {
	"$stagegate" init --programs "$STAGEGATE_BUILD" --gitolite "$G/local" >"$tmp/gitolite-init.log" 2>&1 ||
		give_up 'stagegate init --gitolite' "$tmp/gitolite-init.log"
	gitolite setup --hooks-only
}
