// What the worker, the doctor and a student's page say of a machine that takes no job for devices.
import type { DeviceProblem } from "./device-desk.ts";
import { TOOLKIT_FIXED } from "./nvidia.ts";

type Sentence = { en: string; zh: string };

export const deviceWords: Record<DeviceProblem, Sentence> = {
  none: {
    en: "This machine has no GPU, so suites that ask for one wait for a worker that has.",
    zh: "本机没有 GPU，需要 GPU 的评测会等待有 GPU 的工作进程。",
  },
  engine_cannot: {
    en: "The Docker engine here cannot give a GPU to a container, so suites that ask for one wait for a worker that can: install nvidia-container-toolkit and restart the engine.",
    zh: "本机的 Docker 引擎无法把 GPU 交给容器，需要 GPU 的评测会等待其他工作进程：请安装 nvidia-container-toolkit 并重启引擎。",
  },
  toolkit_old: {
    en: `The nvidia-container-toolkit here is older than ${TOOLKIT_FIXED}, with which a container can take over the host (CVE-2025-23266); no GPU is given until it is updated.`,
    zh: `本机的 nvidia-container-toolkit 早于 ${TOOLKIT_FIXED}，容器可借此控制主机（CVE-2025-23266）；更新之前不会分配 GPU。`,
  },
  image_missing: {
    en: "The image for GPUs (python-cuda) is not built here, so no GPU is given: `assay doctor --fix` builds it where a registry answers (docs/gpu.md).",
    zh: "本机尚未构建 GPU 镜像（python-cuda），因此不会分配 GPU：在能访问镜像仓库的地方运行 `assay doctor --fix`（见 docs/gpu.md）。",
  },
  listing: {
    en: "ASSAY_GPUS cannot be read, so no GPU is given.",
    zh: "ASSAY_GPUS 无法读取，因此不会分配 GPU。",
  },
};
