#!/bin/sh
# Runs the Python tests of the sandbox in a container, where the runner can be process 1 of a namespace of
# its own: `sandbox/tests/run.sh [pytest arguments]`. IMAGE overrides the image (Debian, numpy, pytest), LIMIT_S
# the deadline.
cd "$(dirname "$0")/../.." || exit 3
exec docker run --rm --network none --cap-add SYS_ADMIN --security-opt seccomp=unconfined --pids-limit 700 \
  --memory 3g --tmpfs /tmp:exec --tmpfs /run:mode=755 -v "$PWD":/repo:ro -w /repo/sandbox/tests \
  -e PYTHONDONTWRITEBYTECODE=1 -e DESK_ALL "${IMAGE:-assay-dev/python-ml-base}" \
  timeout "${LIMIT_S:-550}" python3 -m pytest -p no:cacheprovider -q "$@"
