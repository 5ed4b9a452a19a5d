# One image for every role of a cluster; the verb chooses: docker run makevideo silo | gateway | all | doctor
#   docker build -t makevideo .
# It needs apt, NuGet and npm (the last only when models/ does not hold the speech models yet).

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What is restored changes seldom: the projects come before their sources, so that the packages stay in the cache.
COPY Directory.Build.props Directory.Packages.props global.json ./
COPY src/MakeVideo/*.csproj src/MakeVideo/
COPY src/MakeVideo.Captions/*.csproj src/MakeVideo.Captions/
COPY src/MakeVideo.Contracts/*.csproj src/MakeVideo.Contracts/
COPY src/MakeVideo.Gateway/*.csproj src/MakeVideo.Gateway/
COPY src/MakeVideo.Grains/*.csproj src/MakeVideo.Grains/
COPY src/MakeVideo.Media/*.csproj src/MakeVideo.Media/
COPY src/MakeVideo.Sources/*.csproj src/MakeVideo.Sources/
COPY src/MakeVideo.Transcription/*.csproj src/MakeVideo.Transcription/
RUN dotnet restore src/MakeVideo --use-current-runtime
COPY .editorconfig ./
# The pinned sums are a resource of the assembly that reads the models.
COPY config/models.sha256 config/
COPY src src
# For this platform alone: the speech runtime brings a library for each that it knows, ten times the size of ours.
RUN dotnet publish src/MakeVideo -c Release -o /app --no-restore --use-current-runtime --no-self-contained -p:UseAppHost=false -p:DebugType=none \
    && rm -f /app/onnxruntime.dll

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS models
COPY config/fetch-models config/models.sha256 /config/
# Those of the checkout where it has them; a pattern that matches nothing is no error beside a file that is there.
COPY config/models.sha256 model[s]/*.onnx model[s]/*.txt /models/
RUN (cd /models && sha256sum --check --status --strict /config/models.sha256 2> /dev/null) \
    || (apt-get update -q && apt-get install -y -q --no-install-recommends npm) > /dev/null; \
    /config/fetch-models /models && rm /models/models.sha256

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# ffmpeg drags in a whole desktop's 3D drivers (LLVM among them) for a preview window that nobody opens here.
RUN printf 'path-exclude=%s\n' '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/icons/*' '/usr/lib/*/dri/*' '/usr/lib/*/libLLVM*' \
        '/usr/lib/*/libgallium*' '/usr/lib/*/libz3*' > /etc/dpkg/dpkg.cfg.d/makevideo \
    && apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ffmpeg fontconfig fonts-dejavu-core util-linux \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log \
    && fc-cache -f \
    && install -d -o 1654 -g 1654 /data
COPY --from=models /models /app/models
COPY config/healthcheck /app/
COPY --from=build /app /app
# The folder of settings must be none that the work writes in: the host watches all of it. Whatever wants a home gets the one folder that is
# writable on a read-only root.
WORKDIR /app
# The base image names a port of its own; --urls would warn that it does otherwise.
ENV HOME=/tmp MAKEVIDEO_MODELS=/app/models ASPNETCORE_HTTP_PORTS=
USER 1654:1654
EXPOSE 8004 8081 11111 30000
LABEL org.opencontainers.image.title="MakeVideo" \
      org.opencontainers.image.description="Speech in, captioned short video out, on a cluster that loses no work" \
      org.opencontainers.image.licenses="MIT"
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["/app/healthcheck"]
ENTRYPOINT ["dotnet", "/app/makevideo.dll"]
