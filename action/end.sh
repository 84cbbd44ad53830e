#!/usr/bin/env bash
# Ends the job with the exit code of poolctl, after the report.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case $COMMAND/$EXIT_CODE in
    # A plan is expected to have differences.
    plan/2) exit 0 ;;
    drift/2) if [ "$FAIL_ON_DRIFT" = true ]; then exit 2; fi ;;
    *) exit "$EXIT_CODE" ;;
esac
