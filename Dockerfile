# poolctl alone, static, without a shell: `docker build -t poolctl .`, then
# `docker run --rm -v "$PWD/pools:/pools:ro" poolctl validate /pools`.
FROM rust:1.95-alpine3.22 AS build
# hadolint ignore=DL3018
RUN apk add --no-cache ca-certificates cmake g++ make musl-dev perl
WORKDIR /src
COPY . .
RUN cargo build --release --locked && mkdir -p /work

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/release/poolctl /usr/bin/poolctl
# A folder of its own, so that backups have a place where nothing is mounted.
COPY --from=build --chown=65532:65532 /work /work
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/bin/poolctl"]
