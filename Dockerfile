# syntax=docker/dockerfile:1
# The mock in an image that holds one static binary and nothing else.
#
#   docker build -t certcentral-mock .
#   docker run --rm -p 127.0.0.1:8080:8080 certcentral-mock
#
# hadolint checks this file (make lint). It is not built by the tests, since no container engine runs there.

FROM --platform=$BUILDPLATFORM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY gen ./gen
COPY mockserver ./mockserver
ARG TARGETOS
ARG TARGETARCH
# What --version and the header X-Mock-Server say.
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/go/build \
    GOCACHE=/go/build CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath \
      -ldflags "-s -w -X github.com/pkio-tools/certcentral/mockserver.version=$VERSION" \
      -o /certcentral-mock ./mockserver/cmd/certcentral-mock

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="certcentral-mock" \
      org.opencontainers.image.description="A stateful mock of DigiCert's CertCentral Services API for PKIoverheid orders" \
      org.opencontainers.image.source="https://github.com/pkio-tools/certcentral" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
COPY LICENSE THIRD_PARTY_NOTICES /
COPY --from=build /certcentral-mock /certcentral-mock
USER 65532:65532
# Inside a container loopback is reached by no other program. A variable rather than a flag, so that `docker run -e` can change it
# and the health check follows.
ENV CERTCENTRAL_MOCK_ADDR=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=1s --retries=3 CMD ["/certcentral-mock", "healthcheck"]
ENTRYPOINT ["/certcentral-mock"]
