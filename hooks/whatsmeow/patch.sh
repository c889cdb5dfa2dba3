#!/bin/sh
# Makes a copy of whatsmeow record frames: patch.sh FOLDER, which is a writable copy of the module. See docs/frames.md.
set -eu
target=${1:?usage: patch.sh FOLDER}/socket
file=$target/noisesocket.go
if ! grep -q recordFrame "$file"; then
    # After the plaintext is known to be good, before anybody else has it; a send while its counter is held.
    awk '
        /^func \(ns \*NoiseSocket\) SendFrame\(/ { inside = "send" }
        /^func \(ns \*NoiseSocket\) receiveEncryptedFrame\(/ { inside = "receive" }
        inside == "send" && /^\tns\.writeCounter\+\+/ { print "\trecordFrame(\"send\", plaintext)" }
        inside == "receive" && /^\tns\.onFrame\(/ { print "\trecordFrame(\"receive\", plaintext)" }
        /^}/ { inside = "" }
        { print }
    ' "$file" >"$file.new"
    if [ "$(grep -c recordFrame "$file.new")" != 2 ]; then
        rm "$file.new"
        echo "$file is not as this script expects. Copy frames.go beside it, and add recordFrame(\"send\", plaintext)" >&2
        echo "where SendFrame encrypts, and recordFrame(\"receive\", plaintext) after receiveEncryptedFrame decrypts" >&2
        exit 1
    fi
    mv "$file.new" "$file"
fi
cp "$(dirname "$0")/frames.go" "$target/frames.go"
echo "$target records frames after socket.RecordFrames(\"frames.jsonl\")"
