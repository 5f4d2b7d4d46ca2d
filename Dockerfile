# All of Parlor in one image; docker-compose.yml says which daemon runs.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY script/install script/install
RUN script/install build web
COPY . .
RUN script/build release && script/web \
	&& DESTDIR=/out cmake --install build/release --prefix /usr --strip

FROM debian:bookworm-slim
# The owner of the secrets' files: containers read them as this user.
ARG PARLOR_UID=1000
RUN apt-get update -qq \
	&& apt-get install -qq -y --no-install-recommends ca-certificates \
		libargon2-1 libcurl4 libevent-core-2.1-7 libjansson4 libjwt0 liblmdb0 \
		libprotobuf-c1 libseccomp2 libssl3 libyaml-0-2 zlib1g \
	&& rm -rf /var/lib/apt/lists/* \
	&& useradd --uid "$PARLOR_UID" --no-create-home --home-dir /var/lib/parlor \
		--shell /usr/sbin/nologin parlor \
	&& install -d -m 0700 -o parlor -g parlor /var/lib/parlor \
		/var/lib/parlor/store /var/lib/parlor/spool
COPY --from=build /out/ /
USER parlor
WORKDIR /var/lib/parlor
