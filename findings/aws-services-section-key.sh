#!/usr/bin/env bash
# One shared AWS configuration file, two endpoints for Cognito.
#
# Versions: botocore 1.44.8 (Python), aws-runtime 1.10.2 (the configuration part of the AWS SDK for Rust).
# Guess: every AWS SDK reads the endpoint of a service from a [services] section under the same key.
# Seen: botocore reads `cognito_identity_provider`, as the documentation of the section writes it, and passes
#   over `cognito-identity-provider`. aws-runtime does the opposite. So with the documented key the AWS CLI and
#   boto3 call the emulator, and a program on the Rust SDK calls Amazon, with no word from either.
#   For services whose id is one word (s3, sts, dynamodb) both agree.
# Output seen:
#   cognito_identity_provider: botocore http://127.0.0.1:4566, aws-runtime none
#   cognito-identity-provider: botocore none, aws-runtime http://127.0.0.1:4566
#   sts: botocore http://127.0.0.1:4566, aws-runtime http://127.0.0.1:4566
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python >/dev/null
python/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8

mkdir -p rust/src
cat >rust/Cargo.toml <<'TOML'
[package]
name = "services-section"
version = "0.0.0"
edition = "2021"

[dependencies]
aws-runtime = "=1.10.2"
aws-types = "1"
TOML
cat >rust/src/main.rs <<'RUST'
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::section::EnvConfigSections;
use aws_runtime::env_config::{source, EnvConfigValue};
use aws_types::os_shim_internal::{Env, Fs};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (file, service) = (arguments.next().unwrap(), arguments.next().unwrap());
    let files = EnvConfigFiles::builder().with_file(EnvConfigFileKind::Config, file).build();
    let env = Env::from_slice(&[]);
    let source = source::load(&env, &Fs::real(), &files).await.unwrap();
    let sections = EnvConfigSections::parse(source).unwrap();
    let value = EnvConfigValue::new().profile("endpoint_url").service_id(&service);
    let url = value.validate(&env, Some(&sections), |url| Ok::<_, std::convert::Infallible>(url.to_owned()));
    println!("{}", url.unwrap().unwrap_or("none".to_owned()));
}
RUST
sed -i '/^aws-types/a tokio = { version = "1", features = ["rt", "macros"] }' rust/Cargo.toml
cargo build --quiet --manifest-path rust/Cargo.toml

cat >ask.py <<'PYTHON'
import sys

from botocore.session import Session

session = Session()
client = session.create_client(sys.argv[1], region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
url = client.meta.endpoint_url
print("none" if "amazonaws" in url else url)
PYTHON

line() {
    local key=$1 client=$2 service=$3
    printf '[default]\nservices = local\n[services local]\n%s =\n  endpoint_url = http://127.0.0.1:4566\n' "$key" >config
    local python rust
    python=$(env -i PATH="$PATH" HOME="$work" AWS_CONFIG_FILE="$work/config" python/bin/python ask.py "$client")
    rust=$(rust/target/debug/services-section "$work/config" "$service")
    echo "$key: botocore $python, aws-runtime $rust"
}

{
    line cognito_identity_provider cognito-idp 'Cognito Identity Provider'
    line cognito-identity-provider cognito-idp 'Cognito Identity Provider'
    line sts sts STS
} | tee seen

diff - seen <<'EXPECTED'
cognito_identity_provider: botocore http://127.0.0.1:4566, aws-runtime none
cognito-identity-provider: botocore none, aws-runtime http://127.0.0.1:4566
sts: botocore http://127.0.0.1:4566, aws-runtime http://127.0.0.1:4566
EXPECTED
echo 'as found'
