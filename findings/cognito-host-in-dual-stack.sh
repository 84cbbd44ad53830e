#!/usr/bin/env bash
# botocore 1.44.8 (Python): which host of Cognito is called with dual-stack and FIPS endpoints.
#
# Guess: `use_dualstack_endpoint` leads to a host of its own (`….api.aws`), as for other services; the same setting
#   has the same effect in each Region; and `client.meta.endpoint_url` is the URL that the client calls.
# Behaviour: dual-stack alone leaves the host as it is in the commercial Regions, and changes it in GovCloud. With
#   FIPS as well it is `api.aws`, except in four Regions of the United States. An allow list for a firewall
#   needs the pairs. In GovCloud `client.meta.endpoint_url` names a host that the client does not call.
# Output seen (meta.endpoint_url is shown where it differs from the host called):
#   eu-west-1 dual-stack: cognito-idp.eu-west-1.amazonaws.com
#   eu-west-1 FIPS: cognito-idp-fips.eu-west-1.amazonaws.com
#   eu-west-1 FIPS, dual-stack: cognito-idp-fips.eu-west-1.api.aws
#   us-east-1 dual-stack: cognito-idp.us-east-1.amazonaws.com
#   us-east-1 FIPS: cognito-idp-fips.us-east-1.amazonaws.com
#   us-east-1 FIPS, dual-stack: cognito-idp-fips.us-east-1.amazonaws.com
#   us-gov-west-1 dual-stack: cognito-idp.us-gov-west-1.api.aws (meta: cognito-idp.us-gov-west-1.amazonaws.com)
#   us-gov-west-1 FIPS: cognito-idp-fips.us-gov-west-1.amazonaws.com
#   us-gov-west-1 FIPS, dual-stack: cognito-idp-fips.us-gov-west-1.api.aws (meta: cognito-idp-fips.us-gov-west-1.amazonaws.com)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8

# No request leaves: the client is stopped where it would send.
cat >ask.py <<'PY'
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.session import Session


class Stopped(Exception):
    pass


for region in ("eu-west-1", "us-east-1", "us-gov-west-1"):
    for name, fips, dual in (("dual-stack", False, True), ("FIPS", True, False), ("FIPS, dual-stack", True, True)):
        config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual)
        client = Session().create_client("cognito-idp", region_name=region, aws_access_key_id="a",
                                         aws_secret_access_key="b", config=config)

        def stop(request, **_):
            raise Stopped(urlsplit(request.url).hostname)

        client.meta.events.register("before-send", stop)
        try:
            client.describe_user_pool(UserPoolId=f"{region}_a1B2c3D4E")
        except Stopped as stopped:
            called = str(stopped)
        meta = urlsplit(client.meta.endpoint_url).hostname
        print(f"{region} {name}: {called}" + (f" (meta: {meta})" if meta != called else ""))
PY
env -i PATH="$PATH" HOME="$work" env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
eu-west-1 dual-stack: cognito-idp.eu-west-1.amazonaws.com
eu-west-1 FIPS: cognito-idp-fips.eu-west-1.amazonaws.com
eu-west-1 FIPS, dual-stack: cognito-idp-fips.eu-west-1.api.aws
us-east-1 dual-stack: cognito-idp.us-east-1.amazonaws.com
us-east-1 FIPS: cognito-idp-fips.us-east-1.amazonaws.com
us-east-1 FIPS, dual-stack: cognito-idp-fips.us-east-1.amazonaws.com
us-gov-west-1 dual-stack: cognito-idp.us-gov-west-1.api.aws (meta: cognito-idp.us-gov-west-1.amazonaws.com)
us-gov-west-1 FIPS: cognito-idp-fips.us-gov-west-1.amazonaws.com
us-gov-west-1 FIPS, dual-stack: cognito-idp-fips.us-gov-west-1.api.aws (meta: cognito-idp-fips.us-gov-west-1.amazonaws.com)
EXPECTED
echo 'as found'
