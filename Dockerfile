# The server, with what it needs to run and nothing else. `docker build -t portcullis .`

# The image with a compiler: argon2 brings a binary, and is compiled where that one does not run.
FROM node:20 AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No script of a package runs but argon2's own.
RUN npm ci --ignore-scripts && npm rebuild argon2
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build
RUN npm ci --omit=dev --ignore-scripts && npm rebuild argon2 \
  && node -e "require('argon2').hash('x').then(() => undefined)"

FROM node:20-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE ./
COPY policies policies
RUN install -d -o node -g node -m 700 /data
VOLUME /data
USER node
EXPOSE 4000
STOPSIGNAL SIGTERM
# Alive, not ready: a container whose database is away must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
