#!/usr/bin/env bash
# Ends the job as poolctl ended, once everything is told.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case $COMMAND/$EXIT_CODE in
    # Differences are what a plan is for.
    plan/2) exit 0 ;;
    drift/2) if [ "$FAIL_ON_DRIFT" = true ]; then exit 2; fi ;;
    *) exit "$EXIT_CODE" ;;
esac
