# The release workflow replaces the words between `@` and packs this file:
# nix run @REPOSITORY@/releases/download/v@VERSION@/poolctl-@VERSION@-flake.tar.gz
{
  description = "poolctl reconciles Amazon Cognito user pools with YAML";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { nixpkgs, ... }:
    let
      version = "@VERSION@";
      archives = {
        x86_64-linux = { target = "x86_64-unknown-linux-musl"; sha256 = "@SHA256 x86_64-unknown-linux-musl@"; };
        aarch64-linux = { target = "aarch64-unknown-linux-musl"; sha256 = "@SHA256 aarch64-unknown-linux-musl@"; };
        x86_64-darwin = { target = "x86_64-apple-darwin"; sha256 = "@SHA256 x86_64-apple-darwin@"; };
        aarch64-darwin = { target = "aarch64-apple-darwin"; sha256 = "@SHA256 aarch64-apple-darwin@"; };
      };
      package = system: { target, sha256 }:
        let pkgs = nixpkgs.legacyPackages.${system};
        in {
          default = pkgs.stdenvNoCC.mkDerivation {
            pname = "poolctl";
            inherit version;
            src = pkgs.fetchurl {
              url = "@REPOSITORY@/releases/download/v${version}/poolctl-${version}-${target}.tar.gz";
              inherit sha256;
            };
            nativeBuildInputs = [ pkgs.installShellFiles ];
            installPhase = ''
              install -D poolctl $out/bin/poolctl
              installManPage man/*.1
              installShellCompletion --bash --name poolctl completions/poolctl.bash
              installShellCompletion --zsh completions/_poolctl
              installShellCompletion --fish completions/poolctl.fish
            '';
            meta = {
              description = "Reconciles Amazon Cognito user pools with YAML";
              homepage = "@REPOSITORY@";
              license = with pkgs.lib.licenses; [ mit asl20 ];
              mainProgram = "poolctl";
            };
          };
        };
    in { packages = builtins.mapAttrs package archives; };
}
