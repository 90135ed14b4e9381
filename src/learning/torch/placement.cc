#include "learning/torch/placement.h"

#include <ATen/Context.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <cstdlib>
#include <optional>

#include "learning/torch/net_probe.h"
#include "learning/torch/tensor_kernels.h"

namespace delstep {
namespace {

/// The first line: what follows is LibTorch's advice for Python.
std::string FirstLine(const std::exception& exception) {
  const std::string text = TextOf(exception);
  return text.substr(0, text.find('\n'));
}

/// The device, in the words of LibTorch, which throws at other words.
std::optional<c10::Device> DeviceOf(const std::string& name) {
  try {
    const c10::Device device(name);
    if (!device.is_cuda()) return std::nullopt;
    return c10::Device(device.type(), device.has_index() ? device.index() : c10::DeviceIndex{0});
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

Devices FindDevices() {
  Devices devices;
  if (!at::Context::hasCUDART()) {
    devices.absence =
        Unavailable("this LibTorch, " TORCH_VERSION ", was built without CUDA",
                    "build with a LibTorch that has CUDA (-DCMAKE_PREFIX_PATH=its folder)");
    return devices;
  }
  try {
    devices.count = static_cast<int>(torch::cuda::device_count());
    // Where there is none, using one tells why.
    if (devices.count == 0) static_cast<void>(torch::empty({1}, torch::kCUDA));
    const long version = at::Context::versionCUDART();
    devices.version = fmt::format("{}.{}", version / 1000, version % 1000 / 10);
  } catch (const std::exception& exception) {
    devices.count = 0;
    devices.absence = Unavailable("LibTorch finds no device: " + FirstLine(exception),
                                  "`nvidia-smi` tells whether the driver sees one");
  }
  return devices;
}

std::string NamesOf(const Devices& devices) {
  std::string names;
  for (int i = 0; i < devices.count; ++i) names += fmt::format("{}cuda:{}", i > 0 ? ", " : "", i);
  return names;
}

Result<Placement> ChoosePlacement(const Scenario& scenario, const Devices& devices) {
  const std::string& name = scenario.training.device;
  if (name == "cpu") return Placement{};
  const std::optional<c10::Device> device = DeviceOf(name);
  if (!device)
    return UsageError(fmt::format("training.device is '{}'", name),
                      "choose cpu, cuda, or the number of a GPU such as cuda:1")
        .About("training.device");
  if (scenario.portable)
    return UsageError(
               fmt::format("portable = true asks for bits that repeat on every machine, and those "
                           "of training.device = {} do not",
                           name),
               "training.device=cpu, or portable=false")
        .About("training.device");
  if (devices.count == 0)
    return Unavailable(fmt::format("training.device = {}: {}", name, devices.absence.message),
                       devices.absence.hint + "; training.device=cpu computes without")
        .About("training.device");
  if (device->index() >= devices.count)
    return Unavailable(fmt::format("training.device = {}: there is no such device", name),
                       fmt::format("there are cpu and {}", NamesOf(devices)))
        .About("training.device");
  return Placement{.device = *device, .copies = true, .kernels = &TensorKernels(device->type())};
}

void ComputeRepeatably() {
  // cuBLAS reads it when it is first used; without it products may be summed in another order.
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  auto& context = at::globalContext();
  // A warning rather than an error: the model is the user's choice (DeviceWarnings tells of it).
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  context.setDeterministicCuDNN(true);
  context.setBenchmarkCuDNN(false);
  // TensorFloat-32 has 10 bits of 23.
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

}  // namespace delstep
