#include "learning/tensorflow/exported_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/text.h"
#include "learning/tensorflow/random_kernels.h"

namespace delstep {
namespace {

using Ports = std::map<std::string, Port>;

const char* const kHint =
    "examples/own_tensorflow/export_keras.py writes a Keras model with all signatures";

Error Lacks(const std::string& folder, const std::string& what) {
  return BadFile(fmt::format("{}: {}", folder, what), kHint);
}

std::string TypeName(int type) {
  switch (type) {
    case TF_FLOAT:
      return "float32";
    case TF_DOUBLE:
      return "float64";
    case TF_INT32:
      return "int32";
    case TF_INT64:
      return "int64";
    case TF_HALF:
      return "float16";
    default:
      return fmt::format("type {}", type);
  }
}

bool IsInteger(int type) {
  return type == TF_INT32 || type == TF_INT64 || type == TF_UINT32 || type == TF_UINT64;
}

Result<void> RequireSignatures(const SavedModel& model, const std::string& folder) {
  const Signatures& all = model.signatures();
  for (const char* name : {"train", "evaluate", "get_weights", "set_weights"})
    if (!all.contains(name)) {
      std::vector<std::string> names;
      for (const auto& [known, signature] : all)
        if (!known.starts_with("__")) names.push_back(known);
      return Lacks(folder, fmt::format("there is no signature '{}', only: {}", name,
                                       fmt::join(names, ", ")));
    }
  if (all.contains("get_state") != all.contains("set_state"))
    return Lacks(folder, "of get_state and set_state there is only one");
  return {};
}

Result<void> RequirePorts(const std::string& folder, const std::string& signature,
                          const std::string& kind, const Ports& ports,
                          std::vector<std::string> wanted, const std::string& optional) {
  for (const std::string& name : wanted)
    if (!ports.contains(name))
      return Lacks(folder, fmt::format("signature '{}' has no {} '{}'", signature, kind, name));
  // An input that nobody fills would fail in the middle of the first training.
  for (const auto& [name, port] : ports)
    if (kind == "input" && name != optional && std::ranges::find(wanted, name) == wanted.end())
      return Lacks(folder, fmt::format("signature '{}' has an input '{}' that nobody fills; there "
                                       "may be: {}{}",
                                       signature, name, fmt::join(wanted, ", "),
                                       optional.empty() ? "" : ", " + optional));
  return {};
}

std::optional<std::int64_t> Elements(const std::vector<std::int64_t>& shape) {
  std::int64_t elements = 1;
  for (const std::int64_t size : shape) {
    if (size < 0) return std::nullopt;
    elements *= size;
  }
  return elements;
}

/// Running statistics of batch norm, as Keras names them: values that are no parameters, though they
/// are among the weights.
bool IsBuffer(std::string_view name) {
  return name.ends_with("moving_mean") || name.ends_with("moving_variance");
}

/// The places of ports by name, in the order in which a model's row has them: buffers last.
std::vector<std::size_t> OrderInRow(const Ports& ports) {
  std::vector<std::size_t> parameters, buffers;
  for (std::size_t place = 0; const auto& [name, port] : ports)
    (IsBuffer(name) ? buffers : parameters).push_back(place++);
  std::ranges::copy(buffers, std::back_inserter(parameters));
  return parameters;
}

/// Ends of a call, which come in the order of names, in that of the row.
void PutInOrder(const Ports& ports, std::vector<TF_Output>& ends) {
  std::vector<TF_Output> ordered;
  for (const std::size_t place : OrderInRow(ports)) ordered.push_back(ends[place]);
  ends = std::move(ordered);
}

/// Tensors of get_X, checked against set_X, appended to a row by `role_of(name, type)`.
template <class RoleOf>
Result<std::vector<TF_DataType>> AppendTensors(const SavedModel& model, const std::string& folder,
                                               const std::string& kind, RowLayout& row,
                                               RoleOf role_of) {
  const Ports& got = model.signatures().at("get_" + kind).outputs;
  const Ports& set = model.signatures().at("set_" + kind).inputs;
  std::vector<TF_DataType> types;
  for (const std::size_t place : OrderInRow(got)) {
    const auto& [name, port] = *std::next(got.begin(), static_cast<std::ptrdiff_t>(place));
    const auto other = set.find(name);
    if (other == set.end() || other->second.type != port.type || other->second.shape != port.shape)
      return Lacks(folder, fmt::format("get_{0} returns '{1}', which set_{0} does not take alike",
                                       kind, name));
    if (!port.known_rank || !Elements(port.shape))
      return Lacks(folder, fmt::format("'{}' of get_{} has no fixed shape", name, kind));
    const auto role = role_of(name, port.type);
    if (!role)
      return Lacks(folder, fmt::format("'{}' of get_{} is {}; {}", name, kind, TypeName(port.type),
                                       kind == "weights" ? "weights are float32: what is not "
                                                           "averaged belongs to get_state"
                                                         : "state is float32 or integers"));
    row.Append(name, port.shape, *role);
    types.push_back(static_cast<TF_DataType>(port.type));
  }
  if (set.size() != got.size())
    return Lacks(folder, fmt::format("set_{0} takes tensors that get_{0} does not return", kind));
  return types;
}

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// From channels first to channels last.
std::vector<std::uint32_t> ChannelsLast(const std::vector<std::int64_t>& shape) {
  const auto channels = static_cast<std::uint32_t>(shape[0]);
  const auto pixels = static_cast<std::uint32_t>(shape[1] * shape[2]);
  std::vector<std::uint32_t> order;
  // Place i of the result comes from place order[i] of the example.
  for (std::uint32_t p = 0; p < pixels; ++p)
    for (std::uint32_t c = 0; c < channels; ++c) order.push_back(c * pixels + p);
  return order;
}

/// Open dimensions of x are those of the data, which have the channels of pictures first; x may have
/// them last. An x that fixes its last dimension and not its first one has, as nets for pictures of any
/// size do.
void FillOpen(const std::vector<std::int64_t>& own, std::vector<std::int64_t>& shape) {
  if (Elements(shape) || shape.size() != own.size()) return;
  const auto fits = [&](const std::vector<std::int64_t>& sizes) {
    return std::ranges::equal(shape, sizes, [](std::int64_t wanted, std::int64_t size) {
      return wanted < 0 || wanted == size;
    });
  };
  if (own.size() == 3) {
    const std::vector<std::int64_t> last = {own[1], own[2], own[0]};
    const bool fixes_last = shape[2] >= 0 && shape[0] < 0;
    if (fits(last) && (fixes_last || !fits(own))) {
      shape = last;
      return;
    }
  }
  if (fits(own)) shape = own;
}

Result<InputFormat> DescribeInput(const Port& x, const std::string& folder, const Dataset& data) {
  InputFormat input;
  input.type = static_cast<TF_DataType>(x.type);
  const bool tokens = data.tokens > 0;
  if (x.type != TF_FLOAT && !(tokens && IsInteger(x.type) && x.type != TF_UINT32))
    return UsageError(fmt::format("{}: x is {}, and the data are {}", folder, TypeName(x.type),
                                  tokens ? "token ids" : "numbers, which need float32"));
  if (!x.known_rank || x.shape.empty()) return Lacks(folder, "x has no known number of dimensions");
  input.shape.assign(x.shape.begin() + 1, x.shape.end());
  const std::vector<std::int64_t>& own = data.example_shape;
  if (x.shape[0] >= 0)
    return Lacks(folder, fmt::format("x has a fixed batch of {}; leave its first dimension open",
                                     x.shape[0]));
  FillOpen(own, input.shape);
  const auto elements = Elements(input.shape);
  if (!elements || static_cast<std::size_t>(*elements) != data.example_size)
    return UsageError(fmt::format("{}: x takes examples of {}, and the data have {}", folder,
                                  ShapeText(input.shape), ShapeText(own)));
  const bool pictures = own.size() == 3 && own[0] > 1 && input.shape.size() == 3;
  if (pictures && input.shape == std::vector<std::int64_t>{own[1], own[2], own[0]} &&
      input.shape != own)
    input.order = ChannelsLast(own);
  return input;
}

std::size_t PlaceOf(const Ports& ports, const std::string& name) {
  return static_cast<std::size_t>(std::distance(ports.begin(), ports.find(name)));
}

TF_DataType TypeOf(const Ports& ports, const std::string& name) {
  return static_cast<TF_DataType>(ports.at(name).type);
}

/// Types, and that what counts for a whole batch is one number, where the graph tells.
Result<void> RequireTypes(const SavedModel& model, const std::string& folder) {
  const auto is = [](int type, bool integer) {
    return integer ? IsInteger(type) : type == TF_FLOAT;
  };
  struct Wanted {
    const char *signature, *name;
    bool input, integer;
  };
  for (const Wanted& w :
       {Wanted{"train", "y", true, true}, Wanted{"train", "lr", true, false},
        Wanted{"train", "loss", false, false}, Wanted{"evaluate", "y", true, true},
        Wanted{"evaluate", "loss", false, false}, Wanted{"evaluate", "correct", false, true}}) {
    const Signature& signature = model.signatures().at(w.signature);
    const Ports& ports = w.input ? signature.inputs : signature.outputs;
    const auto found = ports.find(w.name);
    if (found != ports.end() && !is(found->second.type, w.integer))
      return Lacks(folder, fmt::format("'{}' of signature '{}' is {}, not {}", w.name, w.signature,
                                       TypeName(found->second.type),
                                       w.integer ? "int32 or int64" : "float32"));
    if (found != ports.end() && !w.input && found->second.known_rank &&
        Elements(found->second.shape) != 1)
      return Lacks(folder, fmt::format("'{}' of signature '{}' has the shape {}, expected one "
                                       "number for the whole batch",
                                       w.name, w.signature, ShapeText(found->second.shape)));
  }
  return {};
}

Result<void> RequireRate(const Signature& get_rate, const std::string& folder) {
  if (!get_rate.inputs.empty() || get_rate.outputs.size() != 1 ||
      get_rate.outputs.begin()->second.type != TF_FLOAT ||
      !get_rate.outputs.begin()->second.shape.empty())
    return Lacks(folder,
                 "get_rate takes nothing and returns one float32, named after the optimizer");
  return {};
}

}  // namespace

Result<OwnOptimizer> AskOptimizer(SavedModel& model) {
  OwnOptimizer own{.name = "optimizer", .rate = {}};
  SignatureCall call;
  if (model.signatures().contains("get_rate")) {
    own.name = model.signatures().at("get_rate").outputs.begin()->first;
    DELSTEP_ASSIGN(call, model.Find("get_rate"));
  } else if (const auto rate = model.FindLearningRate()) {
    call.outputs.push_back(*rate);
  } else {
    return own;
  }
  DELSTEP_ASSIGN(const std::vector<Tensor> outputs, model.Run(call, {}));
  // As the float was written: 0.1, not 0.10000000149.
  const float rate = *static_cast<const float*>(TF_TensorData(outputs[0].get()));
  own.rate = ParseReal(fmt::format("{}", rate)).value_or(rate);
  return own;
}

Result<ExportedModel> Describe(const SavedModel& model, const std::string& folder,
                               const Dataset& data) {
  DELSTEP_TRY(RequireSignatures(model, folder));
  const Signatures& all = model.signatures();
  const Signature &train = all.at("train"), &evaluate = all.at("evaluate");
  DELSTEP_TRY(RequirePorts(folder, "train", "input", train.inputs, {"x", "y"}, "lr"));
  DELSTEP_TRY(RequirePorts(folder, "train", "output", train.outputs, {"loss"}, ""));
  DELSTEP_TRY(RequirePorts(folder, "evaluate", "input", evaluate.inputs, {"x", "y"}, ""));
  DELSTEP_TRY(
      RequirePorts(folder, "evaluate", "output", evaluate.outputs, {"loss", "correct"}, ""));
  DELSTEP_TRY(RequireTypes(model, folder));
  for (const std::string& operation : model.operations())
    if (IsUnrepeatable(operation))
      return Lacks(folder, fmt::format("the model draws random numbers by {}, which would differ "
                                       "from run to run; Dropout and GaussianNoise of Keras and "
                                       "tf.random.stateless_* are fine",
                                       operation));

  ExportedModel exported;
  exported.takes_rate = train.inputs.contains("lr");
  if (all.contains("get_rate")) DELSTEP_TRY(RequireRate(all.at("get_rate"), folder));
  DELSTEP_ASSIGN(exported.input, DescribeInput(train.inputs.at("x"), folder, data));
  using Role = TensorSpec::Role;
  const auto weight = [](const std::string& name, int type) -> std::optional<Role> {
    if (type != TF_FLOAT) return std::nullopt;
    return IsBuffer(name) ? Role::kBuffer : Role::kParameter;
  };
  const auto state = [](const std::string&, int type) {
    if (type == TF_FLOAT) return std::optional(Role::kMoment);
    return IsInteger(type) ? std::optional(Role::kRaw) : std::nullopt;
  };
  DELSTEP_TRY(AppendTensors(model, folder, "weights", exported.layout.model, weight));
  if (exported.layout.model.payload == 0) return Lacks(folder, "get_weights returns nothing");
  if (all.contains("get_state")) {
    DELSTEP_ASSIGN(exported.state_types,
                   AppendTensors(model, folder, "state", exported.layout.state, state));
  }
  return exported;
}

Result<ExportedCalls> FindCalls(const SavedModel& model) {
  ExportedCalls calls;
  for (const auto& [name, call] : {std::pair{"train", &calls.train},
                                   {"evaluate", &calls.evaluate},
                                   {"get_weights", &calls.get_weights},
                                   {"set_weights", &calls.set_weights},
                                   {"get_state", &calls.get_state},
                                   {"set_state", &calls.set_state}})
    if (model.signatures().contains(name)) {
      DELSTEP_ASSIGN(*call, model.Find(name));
    }
  for (const auto& [kind, get, set] :
       {std::tuple{"weights", &calls.get_weights, &calls.set_weights},
        {"state", &calls.get_state, &calls.set_state}})
    if (const auto found = model.signatures().find(std::string("get_") + kind);
        found != model.signatures().end()) {
      // By name the same tensors: AppendTensors() has seen to that.
      PutInOrder(found->second.outputs, get->outputs);
      PutInOrder(found->second.outputs, set->inputs);
    }
  const Signature& train = model.signatures().at("train");
  const Signature& evaluate = model.signatures().at("evaluate");
  calls.train_x = PlaceOf(train.inputs, "x");
  calls.train_y = PlaceOf(train.inputs, "y");
  calls.takes_rate = train.inputs.contains("lr");
  calls.train_lr = PlaceOf(train.inputs, "lr");
  calls.train_loss = PlaceOf(train.outputs, "loss");
  calls.label_type = TypeOf(train.inputs, "y");
  calls.evaluate_x = PlaceOf(evaluate.inputs, "x");
  calls.evaluate_y = PlaceOf(evaluate.inputs, "y");
  calls.evaluate_label_type = TypeOf(evaluate.inputs, "y");
  calls.evaluate_loss = PlaceOf(evaluate.outputs, "loss");
  calls.evaluate_correct = PlaceOf(evaluate.outputs, "correct");
  calls.correct_type = TypeOf(evaluate.outputs, "correct");
  return calls;
}

}  // namespace delstep
