#include "learning/tensorflow/saved_model.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace delstep {
namespace {

struct StatusDeleter {
  void operator()(TF_Status* status) const { TF_DeleteStatus(status); }
};
using Status = std::unique_ptr<TF_Status, StatusDeleter>;
Status NewStatus() { return Status(TF_NewStatus()); }
bool Ok(const Status& status) { return TF_GetCode(status.get()) == TF_OK; }

/// TensorFlow's words, on one line and without the trace of nodes behind them.
std::string WordsOf(const Status& status) {
  std::string words = TF_Message(status.get());
  if (const std::size_t end = words.find("\n\t"); end != std::string::npos) words.resize(end);
  for (char& c : words)
    if (c == '\n') c = ' ';
  return words;
}

struct BufferDeleter {
  void operator()(TF_Buffer* buffer) const { TF_DeleteBuffer(buffer); }
};

/// ConfigProto { intra_op_parallelism_threads = 1 (field 2), inter_op_parallelism_threads = 1
/// (field 5), use_per_session_threads (field 9) }: nodes train side by side, one thread each, and
/// threads inside an operation would let sums depend on their number.
constexpr std::array<std::uint8_t, 6> kOneThread = {0x10, 1, 0x28, 1, 0x48, 1};
/// RunOptions { inter_op_thread_pool = -1 (field 3) }: everything on the calling thread, so that
/// random operations know whose job it is.
constexpr std::array<std::uint8_t, 11> kOnThisThread = {0x18, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                        0xff, 0xff, 0xff, 0xff, 0x01};

}  // namespace

Tensor MakeTensor(TF_DataType type, const std::vector<std::int64_t>& shape) {
  std::size_t elements = 1;
  for (const std::int64_t size : shape) elements *= static_cast<std::size_t>(size);
  return Tensor(TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()),
                                  elements * TF_DataTypeSize(type)));
}

Result<std::unique_ptr<SavedModel>> SavedModel::Load(const std::string& folder) {
  const Status status = NewStatus();
  std::unique_ptr<SavedModel> model(new SavedModel);
  model->graph_ = TF_NewGraph();
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_SetConfig(options, kOneThread.data(), kOneThread.size(), status.get());
  const std::unique_ptr<TF_Buffer, BufferDeleter> meta(TF_NewBuffer());
  const char* tags[] = {"serve"};
  model->session_ = TF_LoadSessionFromSavedModel(options, nullptr, folder.c_str(), tags, 1,
                                                 model->graph_, meta.get(), status.get());
  TF_DeleteSessionOptions(options);
  if (!Ok(status))
    return BadFile(
        fmt::format("{}: TensorFlow {} cannot load it: {}", folder, TF_Version(), WordsOf(status)),
        "model.file names the folder that tf.saved_model.save wrote");
  const std::span graph(static_cast<const std::byte*>(meta->data), meta->length);
  DELSTEP_ASSIGN(model->signatures_, ReadSignatures(graph));
  DELSTEP_ASSIGN(model->operations_, ReadOperations(graph));
  return model;
}

SavedModel::~SavedModel() {
  const Status status = NewStatus();
  if (session_) {
    TF_CloseSession(session_, status.get());
    TF_DeleteSession(session_, status.get());
  }
  if (graph_) TF_DeleteGraph(graph_);
}

Result<SignatureCall> SavedModel::Find(const std::string& signature) const {
  const Signature& found = signatures_.at(signature);
  SignatureCall call;
  const auto look_up = [&](const std::map<std::string, Port>& ports,
                           std::vector<TF_Output>& outputs) -> Result<void> {
    for (const auto& [name, port] : ports) {
      const OutputName at = SplitOutputName(port.tensor);
      TF_Operation* operation = TF_GraphOperationByName(graph_, at.operation.c_str());
      if (!operation || at.index >= TF_OperationNumOutputs(operation))
        return BadFile(fmt::format("signature '{}' names '{}', which the graph lacks", signature,
                                   port.tensor));
      outputs.push_back({operation, at.index});
    }
    return {};
  };
  DELSTEP_TRY(look_up(found.inputs, call.inputs));
  DELSTEP_TRY(look_up(found.outputs, call.outputs));
  return call;
}

std::optional<TF_Output> SavedModel::FindLearningRate() const {
  std::vector<TF_Output> found;
  std::size_t position = 0;
  while (TF_Operation* operation = TF_GraphNextOperation(graph_, &position)) {
    const std::string_view name = TF_OperationName(operation);
    // "SGD/learning_rate/Read/ReadVariableOp" or, by Keras 3, without the first part.
    if (name.ends_with("learning_rate/Read/ReadVariableOp") &&
        TF_OperationNumOutputs(operation) == 1 &&
        TF_OperationOutputType({operation, 0}) == TF_FLOAT)
      found.push_back({operation, 0});
  }
  return found.size() == 1 ? std::optional(found[0]) : std::nullopt;
}

Result<std::vector<Tensor>> SavedModel::Run(const SignatureCall& call,
                                            const std::vector<TF_Tensor*>& inputs) {
  const Status status = NewStatus();
  const TF_Buffer options{kOnThisThread.data(), kOnThisThread.size(), nullptr};
  std::vector<TF_Tensor*> outputs(call.outputs.size());
  TF_SessionRun(session_, &options, call.inputs.data(), inputs.data(),
                static_cast<int>(call.inputs.size()), call.outputs.data(), outputs.data(),
                static_cast<int>(outputs.size()), nullptr, 0, nullptr, status.get());
  // Owned at once, also after an error: some outputs may be there.
  std::vector<Tensor> owned;
  for (TF_Tensor* output : outputs) owned.emplace_back(output);
  if (!Ok(status)) return Refused(WordsOf(status));
  return owned;
}

}  // namespace delstep
