#!/bin/sh
# Put the secrets, which are files and never in the image, where Odoo looks for them,
# then go on with the image's own entry point.
set -eu

secret() {
    if [ ! -s "$1" ]; then
        echo "The secret $1 is missing or empty: see docs/installation.md." >&2
        exit 1
    fi
    cat "$1"
}

# A copy in memory: the configuration in the image holds no password.
umask 077
conf="/run/odoo/odoo.conf"
password="$(secret "${ADMIN_PASSWORD_FILE:-/run/secrets/odoo_admin_password}")"
{
    cat /etc/odoo/odoo.conf
    printf 'admin_passwd = %s\n' "$password"
} > "$conf"
unset password
export ODOO_RC="$conf"

# The image's entry point reads PASSWORD_FILE itself.
export PASSWORD_FILE="${PASSWORD_FILE:-/run/secrets/postgres_password}"
secret "$PASSWORD_FILE" > /dev/null

exec /entrypoint.sh "$@"
