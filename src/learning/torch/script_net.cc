#include <fmt/format.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <torch/script.h>

#include <memory>
#include <sstream>
#include <stdexcept>

#include "base/files.h"
#include "base/text.h"
#include "base/user_code.h"
#include "base/utf8.h"
#include "learning/torch/script_graph.h"
#include "learning/torch/user_nets.h"
#include "user_models/script_archive.h"

namespace delstep {
namespace {

constexpr std::size_t kMostColumns = 300;

/// What a long message comes to: the error at the end of a traceback, else the first line. It may
/// quote the file, so it is made safe to print.
std::string Gist(const std::exception& error) {
  std::string text = error.what();
  if (const auto* of_library = dynamic_cast<const c10::Error*>(&error))
    text = of_library->what_without_backtrace();
  const auto lines = Split(text, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (const auto found = line->find("Error: "); found != std::string_view::npos)
      return CutToWidth(Printable(Trim(line->substr(found + 7))), kMostColumns);
  for (const std::string_view line : lines)
    if (!Trim(line).empty()) return CutToWidth(Printable(Trim(line)), kMostColumns);
  return "unknown error";
}

class ScriptNet final : public Net {
 public:
  ScriptNet(std::string file, torch::jit::Module module)
      : file_(std::move(file)), module_(std::move(module)) {}

  const std::string& UserFile() const override { return file_; }

  std::vector<NamedTensor> Parameters() override { return ListOf(module_.named_parameters()); }
  std::vector<NamedTensor> Buffers() override { return ListOf(module_.named_buffers()); }
  torch::Tensor Forward(const torch::Tensor& input) override {
    try {
      c10::IValue output = module_.forward({input});
      TORCH_CHECK(output.isTensor(), "forward returns ", output.tagKind(), ", not a tensor");
      return std::move(output).toTensor();
    } catch (const std::exception& error) {
      throw std::runtime_error(Gist(error));
    }
  }
  void SetTraining(bool training) override { module_.train(training); }

 private:
  template <class List>
  static std::vector<NamedTensor> ListOf(const List& list) {
    std::vector<NamedTensor> tensors;
    for (const auto& entry : list) tensors.push_back({entry.name, entry.value});
    return tensors;
  }

  std::string file_;
  torch::jit::Module module_;
};

/// A user's script loaded again and again from the same bytes, whatever becomes of the file.
class Script {
 public:
  Script(std::string file, std::string content, std::string writer, c10::Device device)
      : file_(std::move(file)),
        content_(std::move(content)),
        writer_(std::move(writer)),
        device_(device) {}

  Result<torch::jit::Module> Load() const {
    std::istringstream in(content_);
    try {
      return torch::jit::load(in, device_);
    } catch (const std::exception& error) {
      return BadFile(
          fmt::format("'{}' was written by {}, and this program's LibTorch {} cannot read it: {}",
                      file_, writer_, TORCH_VERSION, Gist(error)),
          fmt::format(
              "if it is not damaged, export it with PyTorch {}.{}, or without the operators "
              "that are newer",
              TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR));
    }
  }
  std::string subject() const { return fmt::format("model.file = {}", file_); }

 private:
  std::string file_, content_, writer_;
  c10::Device device_;
};

std::string ShapeText(at::IntArrayRef shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

/// Two examples of zeros must come out as two rows of scores.
Result<void> TryOut(Net& net, const NetInput& input, c10::Device device,
                    const std::string& subject) {
  std::vector<std::int64_t> shape = {2};
  shape.insert(shape.end(), input.shape.begin(), input.shape.end());
  const auto type = input.tokens > 0 ? torch::kInt64 : torch::kFloat32;
  const auto zeros = torch::zeros(shape, torch::TensorOptions(type).device(device));
  try {
    const torch::NoGradGuard no_gradient;
    net.SetTraining(false);
    const torch::Tensor scores = net.Forward(zeros);
    const std::vector<std::int64_t> wanted = {2, input.classes};
    if (scores.sizes() != wanted)
      return UsageError(
                 fmt::format("{}: forward turns a batch of shape {} into {}, not into scores "
                             "{} for the {} classes of the data",
                             subject, ShapeText(shape), ShapeText(scores.sizes()),
                             ShapeText(wanted), input.classes),
                 "end the model with one output a class")
          .About("model.file");
  } catch (const std::exception& error) {
    return UsageError(
               fmt::format("{}: forward fails on a batch of shape {}, two examples of {}: {}",
                           subject, ShapeText(shape), input.tokens > 0 ? "int64 tokens" : "float32",
                           Gist(error)),
               fmt::format("the data's examples have the shape {}: choose other data, or "
                           "reshape at the start of forward",
                           ShapeText(input.shape)))
        .About("model.file");
  }
  return {};
}

Result<void> CheckModule(const torch::jit::Module& module, const NetInput& input,
                         c10::Device device, const std::string& file, const std::string& subject) {
  if (!module.find_method("forward"))
    return UsageError(fmt::format("{}: the model has no forward", subject)).About("model.file");
  DELSTEP_TRY(CheckScript(module, subject));
  bool trains = false;
  for (const auto& parameter : module.named_parameters()) {
    trains |= parameter.value.requires_grad();
    if (parameter.value.scalar_type() != torch::kFloat32)
      return UsageError(fmt::format("{}: the parameter '{}' is {}, and nodes hold Float", subject,
                                    parameter.name, c10::toString(parameter.value.scalar_type())),
                        "torch.jit.script(model.float()).save(\"net.pt\")")
          .About("model.file");
  }
  if (!trains)
    return UsageError(fmt::format("{}: the model has no parameters to train", subject),
                      "do not freeze it: torch.jit.script(model).save(\"net.pt\")")
        .About("model.file");
  const UserCode running(file, "forward()");
  ScriptNet net(file, module);
  return TryOut(net, input, device, subject);
}

void PrepareLibrary() {
  torch::jit::getProfilingMode() = false;
  // A forward that prints does not write into the results of commands.
  torch::jit::setPrintHandler([](const std::string& text) { std::fputs(text.c_str(), stderr); });
}

}  // namespace

Result<MakeNet> MakeScriptNets(const ModelOptions& model, const NetInput& input,
                               c10::Device device) {
  if (model.file.empty())
    return UsageError("model.file = \"\": model.name = torchscript needs the file of a model",
                      "in Python: torch.jit.script(model).save(\"net.pt\"); then model.file=net.pt")
        .About("model.file");
  if (model.init != "common")
    return UsageError(fmt::format("model.init = {}: a TorchScript file gives every node the same "
                                  "initial parameters, those it holds",
                                  model.init),
                      "leave it at \"common\"")
        .About("model.init");
  DELSTEP_ASSIGN(std::string content, ReadFile(model.file));
  DELSTEP_ASSIGN(
      std::string writer,
      WriterOfScript({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()},
                     model.file));
  PrepareLibrary();
  const auto script =
      std::make_shared<const Script>(model.file, std::move(content), std::move(writer), device);
  DELSTEP_ASSIGN(const torch::jit::Module module, script->Load());
  try {
    DELSTEP_TRY(CheckModule(module, input, device, model.file, script->subject()));
  } catch (const std::exception& error) {
    return UsageError(fmt::format("{}: {}", script->subject(), Gist(error))).About("model.file");
  }
  return MakeNet([script, file = model.file]() -> Result<std::unique_ptr<Net>> {
    DELSTEP_ASSIGN(torch::jit::Module loaded, script->Load());
    return std::unique_ptr<Net>(std::make_unique<ScriptNet>(file, std::move(loaded)));
  });
}

}  // namespace delstep
