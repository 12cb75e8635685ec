#!/bin/sh
# A partner's client made of curl, openssl 3 and a POSIX shell, after the partner pages alone.
#
#   openssl_client.sh key <folder>
#       makes key.pem and public.pem in the folder, and prints the key id
#   openssl_client.sh report <url> <partner> <person> <folder> [<webhook>]
#       with key.pem and platform-keys.json in the folder: reports rides of the person, then tries what
#       should be refused; prints one line for each step, “<step>: <what came of it>”; keeps a receipt,
#       and the secret of the webhook if there is one
#   openssl_client.sh receipt <folder>
#       verifies the receipt that was kept, from files alone
#
# No answer is believed before it is verified: the first that does not verify ends everything with 1.
set -eu

USER_ID=distid:1234567812345678
BATCH=application/cloudevents-batch+json

fail() { echo "$1" >&2; exit 1; }
say() { printf '%s: %s\n' "$1" "$2"; }

# --- Digests, keys and signatures -------------------------------------------------------------------

sm3() { openssl dgst -sm3 -r | cut -d' ' -f1; }
key_id() { openssl pkey "$@" -pubout -outform DER | sm3 | cut -c1-16 | tr a-f A-F; }

# GNU's date, or else BSD's.
instant() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H:%M:%SZ; }
seconds() { date -u -d "$1" +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%SZ "$1" +%s; }

# The value of a member in compact JSON, and each object on a line of its own: enough for what is read here.
member() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' | head -n 1; }
objects() { tr '{' '\n'; }
pem() { printf '%b' "$(sed 's/.*"pem":"\([^"]*\)".*/\1/')"; }

# verify <text> <signature in base64> <public key>: all three are files.
verify() {
  openssl base64 -d -A < "$2" > "$work/signature"
  openssl pkeyutl -verify -in "$1" -pubin -inkey "$3" -sigfile "$work/signature" \
    -rawin -digest sm3 -pkeyopt "$USER_ID" > "$work/verdict" 2>&1
}

# The platform's signing key of this id, from our own copy and nowhere else.
held_key() {
  objects < "$home/platform-keys.json" | grep "\"key_id\":\"$1\"" | grep '"purpose":"sign"' > "$work/found" \
    || fail "we hold no signing key $1 of the platform"
  pem < "$work/found" > "$work/platform.pem"
  [ "$(key_id -pubin -in "$work/platform.pem")" = "$1" ] || fail "the key $1 has another id"
}

# --- One request, one answer ------------------------------------------------------------------------

# sign <method> <target> [<body file> <content type> <idempotency key>]: sets authorization and nonce.
sign() {
  ts=$(($(date +%s) + shift_s)) nonce=$(openssl rand -hex 16)
  case $2 in *\?*) query=${2#*\?} ;; *) query='' ;; esac
  printf '%s\n' PCA1-SM2-SM3 "$1" "${2%%\?*}" "$query" "$host" "$ts" "$nonce" "$partner" "$key" \
    "${5-}" "${4-}" "$(sm3 < "${3:-/dev/null}")" > "$work/canonical"
  openssl pkeyutl -sign -in "$work/canonical" -inkey "$home/key.pem" -out "$work/own" \
    -rawin -digest sm3 -pkeyopt "$USER_ID"
  authorization="PCA1-SM2-SM3 partner=\"$partner\",key=\"$key\",ts=\"$ts\",nonce=\"$nonce\","
  authorization="${authorization}sig=\"$(openssl base64 -A < "$work/own")\""
}

# send <the same as sign> [<one more header>]: sets status, and leaves the verified answer in $work/answer.
send() {
  method=$1 target=$2 body=${3-} type=${4-} once=${5-} more=${6-}
  set -- -sS --max-time 30 -X "$method" -o "$work/answer" -D "$work/headers" -w '%{http_code}' \
    -H "Authorization: $authorization"
  [ -z "$body" ] || set -- "$@" --data-binary "@$body" -H "Content-Type: $type" -H "Idempotency-Key: $once"
  [ -z "$more" ] || set -- "$@" -H "$more"
  status=$(curl "$@" "$url$target") || fail "there was no answer"
  verify_answer
}

ask() { sign "$@" && send "$@"; }

header() { tr -d '\r' < "$work/headers" | grep -i "^$1:" | cut -d' ' -f2-; }
part() { printf '%s' "$signed" | sed 's/.*'"$1"'="\([^"]*\)".*/\1/'; }

# Rebuild the seven lines of the answer: the platform said this, to this very request, just now.
verify_answer() {
  signed=$(header Tanzhang-Signature) || fail "the answer $status is not signed"
  printf '%s\n' PCA1-SM2-SM3-RES "$status" "$nonce" "$(header X-Request-Id)" "$(part ts)" "$(part key)" \
    "$(sm3 < "$work/answer")" > "$work/answer-lines"
  part sig > "$work/answer-sig"
  held_key "$(part key)"
  verify "$work/answer-lines" "$work/answer-sig" "$work/platform.pem" || fail "the answer $status does not verify"
  away=$(($(date +%s) - $(part ts)))
  [ "${away#-}" -le 300 ] || fail "the answer is $away s away from our clock"
}

# --- The platform's keys ----------------------------------------------------------------------------

# Believe the key that unwraps because the signing key that we hold endorsed it.
platform_keys() {
  authorization='' nonce='-'
  send GET /v1/platform-keys
  objects < "$work/answer" | grep '"purpose":"unwrap"' | grep '"algorithm":"sm2"' > "$work/unwrap"
  pem < "$work/unwrap" > "$work/unwrap.pem"
  printf '%s\n' TANZHANG-KEY-1 unwrap sm2 "$(member key_id < "$work/unwrap")" \
    "$(seconds "$(sed 's/.*"active_from":"\([^"]*\)".*/\1/' "$work/unwrap")")" \
    "$(openssl pkey -pubin -in "$work/unwrap.pem" -outform DER | od -An -v -tx1 | tr -d ' \n')" > "$work/endorsed"
  member endorsement < "$work/unwrap" > "$work/endorsement"
  held_key "$(member endorsed_by < "$work/unwrap")"
  verify "$work/endorsed" "$work/endorsement" "$work/platform.pem" || fail "the endorsement does not verify"
  say "platform keys" "$status, the unwrapping key is endorsed"
}

# --- Events and receipts ----------------------------------------------------------------------------

# ride <id> <person> <revision> <distance in m>
ride() {
  printf '{"specversion":"1.0","id":"%s","source":"/%s","type":"cn.tanzhang.activity.reported.v1",' "$1" "$partner"
  printf '"time":"%s","subject":"%s","revision":%s,"data":{"scene":"shared-bike",' "$began" "$2" "$3"
  printf '"ended_at":"%s","inputs":{"distance_m":%s}}}' "$ended" "$4"
}

# withdrawal <id> <person> <revision>
withdrawal() {
  printf '{"specversion":"1.0","id":"%s","source":"/%s","type":"cn.tanzhang.activity.withdrawn.v1",' "$1" "$partner"
  printf '"time":"%s","subject":"%s","revision":%s,"data":{"scene":"shared-bike"}}' "$began" "$2" "$3"
}

report() { ask POST /v1/events:batch "$1" "$BATCH" "$2"; }

# The outcomes of a receipt's items in their order, each with its code.
outcomes() {
  objects < "$work/answer" | grep '"sm3"' \
    | sed 's/.*"code":"\{0,1\}\([^",]*\).*"outcome":"\([^"]*\)".*/\2 (\1)/' | paste -sd, -
}

leaf() { { printf '\000'; printf '%s' "$1"; } | openssl dgst -sm3 -binary; }

# The root over two items, as RFC 9162 builds it, with SM3.
root_of_two() {
  objects < "$work/answer" | grep '"sm3"' | sed 's/^/{/; s/}.*/}/' > "$work/items"
  leaf "$(sed -n 1p "$work/items")" > "$work/left"
  leaf "$(sed -n 2p "$work/items")" > "$work/right"
  { printf '\001'; cat "$work/left" "$work/right"; } | sm3
}

# Ask until all of a batch is settled, then say how one of its events stands.
settled() {
  tries=0
  until ask GET "/v1/batches/$1" && grep -q '"complete":true' "$work/answer"; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "the batch $1 was not settled in a minute"
    sleep 1
  done
  sed 's/.*"settled"://' "$work/answer" | objects | grep "\"id\":\"$2\"" > "$work/standing"
  echo "$(member status < "$work/standing") $(member reduction_mg < "$work/standing") mg"
}

# --- The steps --------------------------------------------------------------------------------------

# open_webhook <url of ours>
open_webhook() {
  printf '{"url":"%s","kinds":["cn.tanzhang.batch.settled.v1"]}' "$1" > "$work/webhook"
  ask POST /v1/webhooks "$work/webhook" application/json "$id-w"
  member secret < "$work/answer" > "$home/secret"
  say webhook "$status $(sed 's/.*"id":"\(we_\)[0-9]*".*/\1…/' "$work/answer")"
}

takes_and_repeats() {
  ride "$id" "$person" 0 2400 > "$work/event"
  printf '[%s,%s]' "$(cat "$work/event")" "$(ride "$id-x" nobody-of-ours 0 2400)" > "$work/batch"
  report "$work/batch" "$id-a"
  batch=$(member batch_id < "$work/answer")
  mkdir -p "$home/kept"
  cp "$work/answer" "$work/answer-lines" "$work/answer-sig" "$home/kept/"
  say batch "$status $(outcomes)"
  grep -q "\"sm3\":\"$(sm3 < "$work/event")\"" "$work/answer" || fail "the event has another digest"
  say "digest of an event" "as we compute it"
  [ "$(root_of_two)" = "$(member merkle_root < "$work/answer")" ] || fail "the items have another root"
  say "merkle root" "as we compute it"
  say settled "$(settled "$batch" "$id")"
  report "$work/batch" "$id-a"
  cmp "$work/answer" "$home/kept/answer"
  say "same key" "$status the same bytes"
  report "$work/batch" "$id-b"
  say "another key" "$status $(outcomes)"
}

corrects_and_withdraws() {
  printf '[%s]' "$(ride "$id" "$person" 1 3000)" > "$work/batch"
  report "$work/batch" "$id-c"
  say correction "$status $(outcomes)"
  say corrected "$(settled "$(member batch_id < "$work/answer")" "$id")"
  printf '[%s]' "$(withdrawal "$id" "$person" 2)" > "$work/batch"
  report "$work/batch" "$id-d"
  say withdrawal "$status $(outcomes)"
  say withdrawn "$(settled "$(member batch_id < "$work/answer")" "$id")"
  ask GET "/v1/events?id=$id"
  say revisions "$(sed 's/.*"revisions":\(\[[^]]*\]\).*/\1/' "$work/answer")"
}

is_refused() {
  printf '[%s]' "$(ride "$id-y" "$person" 0 2400)" > "$work/batch"
  sed 's/2400/2401/' "$work/batch" > "$work/flipped"
  sign POST /v1/events:batch "$work/batch" "$BATCH" "$id-e"
  send POST /v1/events:batch "$work/flipped" "$BATCH" "$id-e"
  say "flipped byte" "$status $(member_of_refusal code)"
  digest="Content-Digest: sha-256=:$(openssl dgst -sha256 -binary < "$work/batch" | openssl base64 -A):"
  sign POST /v1/events:batch "$work/batch" "$BATCH" "$id-e"
  send POST /v1/events:batch "$work/flipped" "$BATCH" "$id-e" "$digest"
  say "flipped byte, digest sent" "$status $(member_of_refusal code)"
  shift_s=-301
  ask GET /v1/ping
  say "old timestamp" "$status $(member_of_refusal code)"
  shift_s=0
  ask GET /v1/ping
  send GET /v1/ping
  say "replayed nonce" "$status $(member_of_refusal code)"
  ask GET "/v1/events/$id-y"
  say "nothing was taken" "$status $(member_of_refusal code)"
}

# The sandbox signs one answer wrongly, and breaks a connection after it did what was asked.
survives() {
  if (ask GET /v1/ping '' '' '' 'Tanzhang-Sandbox: bad-signature') 2> "$work/said"; then
    fail "a wrong answer was believed"
  fi
  say "wrong signature" "$(cat "$work/said")"
  if (ask POST /v1/events:batch "$work/batch" "$BATCH" "$id-f" 'Tanzhang-Sandbox: drop-reply') 2> "$work/said"; then
    fail "the connection did not break"
  fi
  report "$work/batch" "$id-f"
  say "broken connection" "$(tail -n 1 "$work/said"), then $status $(outcomes)"
}

member_of_refusal() { sed 's/": /":/g' "$work/answer" | member "$1"; }

# --- The command ------------------------------------------------------------------------------------

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case ${1-} in
  key)
    umask 077
    mkdir -p "$2"
    openssl genpkey -algorithm SM2 -out "$2/key.pem"
    openssl pkey -in "$2/key.pem" -pubout -out "$2/public.pem"
    key_id -in "$2/key.pem"
    ;;
  report)
    url=$2 partner=$3 person=$4 home=$5 shift_s=0
    host=$(printf '%s' "${url#*://}" | tr '[:upper:]' '[:lower:]')
    key=$(key_id -in "$home/key.pem") now=$(date +%s)
    id=ride-$(openssl rand -hex 4) began=$(instant $((now - 3600))) ended=$(instant $((now - 2880)))
    platform_keys
    ask GET /v1/ping
    say ping "$status $(member partner < "$work/answer")"
    [ -z "${6-}" ] || open_webhook "$6"
    takes_and_repeats
    corrects_and_withdraws
    is_refused
    survives
    ;;
  receipt)
    home=$2
    held_key "$(sed -n 6p "$home/kept/answer-lines")"
    [ "$(sm3 < "$home/kept/answer")" = "$(sed -n 7p "$home/kept/answer-lines")" ] \
      || fail "the receipt is not the one that was signed"
    verify "$home/kept/answer-lines" "$home/kept/answer-sig" "$work/platform.pem" \
      || fail "the receipt does not verify"
    say receipt "verified, $(member batch_id < "$home/kept/answer")"
    ;;
  *) fail "$0 key <folder> | report <url> <partner> <person> <folder> [<webhook>] | receipt <folder>" ;;
esac
