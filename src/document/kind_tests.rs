use super::*;
use serde_json::json;

fn object(value: Json) -> Object {
    value.as_object().cloned().unwrap()
}

/// Each kind with its smallest document, and with one that is close to another kind.
#[test]
fn a_document_is_known_by_its_members() {
    use DocumentKind::*;
    let pool = json!({"Id": "eu-west-1_a1", "Name": "customers", "MfaConfiguration": "OFF"});
    for (kind, document) in [
        (Described, json!({"UserPool": pool})),
        (Described, json!({"$metadata": {"httpStatusCode": 200}, "UserPool": pool})),
        (Described, json!({"UserPool": null, "MfaConfig": null})),
        (Described, json!({"UserPool": pool, "UserPoolClients": [{"ClientId": "1"}]})),
        (BarePool, pool.clone()),
        (MfaConfig, json!({"MfaConfiguration": "OFF", "ResponseMetadata": {}})),
        (MfaConfig, json!({"WebAuthnConfiguration": {"RelyingPartyId": "example.com"}})),
        (UpdateRequest, json!({"UserPoolId": "", "PoolName": ""})),
        (UpdateRequest, json!({"UserPoolId": "eu-west-1_a1", "MfaConfiguration": "OFF"})),
        (UpdateRequest, json!({"UserPoolId": "eu-west-1_a1", "LambdaConfig": {}})),
        (AttributesRequest, json!({"UserPoolId": "eu-west-1_a1", "CustomAttributes": [{"Name": "team"}]})),
        (OtherRequest, json!({"UserPoolId": "eu-west-1_a1"})),
        (OtherRequest, json!({"UserPoolId": "eu-west-1_a1", "Username": "ann"})),
        (
            MfaRequest,
            json!({"UserPoolId": "eu-west-1_a1", "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
        ),
        (CreateRequest, json!({"PoolName": "customers", "MfaConfiguration": "OFF"})),
        (Pools, json!({"UserPools": [pool]})),
        (Client, json!({"UserPoolClient": {"UserPoolId": "eu-west-1_a1", "ClientId": "1"}})),
        (
            SavedPlan,
            json!({"format_version": "1.1", "tool_version": "0", "command": "plan", "pools": [], "digest": ""}),
        ),
        (Output, json!({"format_version": "1.1", "tool_version": "0", "command": "plan", "pools": []})),
        (
            Backup,
            json!({"format_version": "1", "tool_version": "0", "pool": "eu-west-1_a1", "UserPool": pool}),
        ),
        (Manifest, json!({"version": 1, "pool": "eu-west-1_a1"})),
        (HouseRules, json!({"require": [{"name": "mfa"}]})),
        (Schema, json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {}})),
        (TerraformState, json!({"version": 4, "terraform_version": "1.9.0", "serial": 3, "resources": []})),
        (TerraformShow, json!({"format_version": "1.0", "terraform_version": "1.9.0", "values": {}})),
        (Pulumi, json!({"version": 3, "deployment": {"resources": []}})),
        (Template, json!({"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool"}}})),
        (Template, json!({"AWSTemplateFormatVersion": "2010-09-09"})),
        (Stack, json!({"StackResources": [{"PhysicalResourceId": "eu-west-1_a1"}]})),
        (
            CloudControl,
            json!({"TypeName": "AWS::Cognito::UserPool", "ResourceDescription": {"Identifier": "x"}}),
        ),
        (
            CdkAssembly,
            json!({"version": "55.0.0", "artifacts": {"Stack": {"type": "aws:cloudformation:stack"}}}),
        ),
        (Amplify, json!({"auth": {"acme": {"service": "Cognito", "providerPlugin": "awscloudformation"}}})),
        (Amplify, json!({"version": "1", "auth": {"user_pool_id": "eu-west-1_a1"}})),
        (Amplify, json!({"auth": {"plugins": {"awsCognitoAuthPlugin": {}}}})),
    ] {
        assert_eq!(DocumentKind::of(&object(document.clone())), Some(kind), "{document}");
    }
    for document in [
        json!({}),
        json!({"name": "package", "version": "1.0.0"}),
        json!({"Id": "x"}),
        json!({"Resources": []}),
        json!({"auth": "x"}),
    ] {
        assert_eq!(DocumentKind::of(&object(document.clone())), None, "{document}");
    }
}

#[test]
fn every_kind_has_one_row_and_no_remedy_redirects_into_a_file() {
    for row in ROWS {
        assert_eq!(ROWS.iter().filter(|other| other.kind == row.kind).count(), 1, "{:?}", row.kind);
        assert_eq!(row.kind.name(), row.name);
        assert!(!row.help.contains('>') || row.help.contains("<pool-id>"), "{}", row.help);
    }
}

#[test]
fn the_pools_that_a_document_names_stand_in_its_remedy() {
    let state = object(json!({"terraform_version": "1.9.0", "resources": [{"instances": [{"attributes": {
        "arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E",
        "id": "eu-west-1_a1B2c3D4E", "other": "eu-gov-west-1_b", "role": "x_y", "name": "a-b-1_c d",
    }}]}]}));
    let pools = pools_in(&state);
    assert_eq!(pools, ["eu-west-1_a1B2c3D4E", "eu-gov-west-1_b"]);
    let help = DocumentKind::Amplify.help(&pools);
    assert!(help.ends_with("run `poolctl import eu-west-1_a1B2c3D4E`"), "{help}");
    assert!(DocumentKind::Amplify.help(&[]).ends_with("run `poolctl import POOL_ID`"));
}
