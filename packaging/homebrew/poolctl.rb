# The release workflow replaces the words between `@` and adds this file to the release. It belongs into a tap.
class Poolctl < Formula
  desc "Reconciles Amazon Cognito user pools with YAML, and loses nothing on the way"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/poolctl-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/poolctl-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end
  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/poolctl-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256 aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/poolctl-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256 x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "poolctl"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/poolctl.bash" => "poolctl"
    zsh_completion.install "completions/_poolctl"
    fish_completion.install "completions/poolctl.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/poolctl --version")
  end
end
