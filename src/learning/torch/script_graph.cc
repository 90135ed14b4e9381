#include "learning/torch/script_graph.h"

#include <fmt/format.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string_view>

namespace delstep {
namespace {

using torch::jit::Node;
using torch::jit::Value;

struct Complaint {
  std::string what, todo;
};
using Finding = std::optional<Complaint>;

/// Whether the attribute of that name holds what lies in rows.
bool LiesInRows(const Value& object, const std::string& name, bool parameters_too) {
  const auto type = object.type()->cast<c10::ClassType>();
  const auto slot = type ? type->findAttributeSlot(name) : c10::nullopt;
  return slot && (type->is_buffer(*slot) || (parameters_too && type->is_parameter(*slot)));
}

/// What a view is a view of.
const Value& Origin(const Value& value) {
  const Node* node = value.node();
  const auto* schema = node->maybeSchema();
  if (schema == nullptr || schema->arguments().empty() || schema->returns().empty() ||
      schema->arguments()[0].alias_info() == nullptr ||
      schema->returns()[0].alias_info() == nullptr)
    return value;
  return Origin(*node->inputs()[0]);
}

/// `self.x = ...`: lost when the net goes to the next node, unless x is a buffer.
Finding LookAtAssignment(const Node& node) {
  const std::string name = node.s(torch::jit::attr::name);
  const Value& object = *node.inputs()[0];
  // An object that forward makes itself lives no longer than the call.
  if (object.node()->kind() == torch::jit::prim::CreateObject ||
      LiesInRows(object, name, /*parameters_too=*/false))
    return {};
  return Complaint{fmt::format("forward assigns the attribute '{}', which is no buffer", name),
                   fmt::format("keep it in a tensor: self.register_buffer(\"{}\", ...)", name)};
}

/// `self.x.add_(...)`, also through views of x.
Finding LookAtChange(const Node& node) {
  const auto* schema = node.maybeSchema();
  if (schema == nullptr) return {};
  for (std::size_t i = 0; i < std::min(schema->arguments().size(), node.inputs().size()); ++i) {
    const auto* alias = schema->arguments()[i].alias_info();
    if (alias == nullptr || !alias->isWrite()) continue;
    const Node& origin = *Origin(*node.inputs()[i]).node();
    if (origin.kind() != torch::jit::prim::GetAttr) continue;
    const std::string name = origin.s(torch::jit::attr::name);
    if (LiesInRows(*origin.inputs()[0], name, /*parameters_too=*/true)) continue;
    return Complaint{
        fmt::format("forward changes the attribute '{}', which is no parameter or buffer", name),
        fmt::format("keep it in a tensor: self.register_buffer(\"{}\", ...)", name)};
  }
  return {};
}

bool IsDropout(std::string_view name) {
  return name == "aten::dropout" || name == "aten::dropout_" || name == "aten::feature_dropout" ||
         name == "aten::feature_dropout_";
}

bool Draws(const Node& node) {
  if (node.isNondeterministic()) return true;
  const auto* schema = node.maybeSchema();
  return schema != nullptr &&
         std::ranges::any_of(schema->arguments(), [](const c10::Argument& argument) {
           return argument.name() == "generator" ||
                  argument.type()->str().find("Generator") != std::string::npos;
         });
}

/// When a block runs.
enum class Runs { kAlways, kInEachTraining, kMaybe };

Finding LookAtChance(const Node& node, std::string_view name, Runs runs) {
  if (IsDropout(name)) {
    const auto train = torch::jit::toIValue(node.inputs()[2]);
    if (!train || !train->isBool() || !train->toBool()) return {};
    return Complaint{"forward has a dropout that is on in evaluation too",
                     "use nn.Dropout or F.dropout(x, p, self.training), and script the model; a "
                     "traced one keeps the mode that it was traced in"};
  }
  if (runs == Runs::kInEachTraining || !Draws(node)) return {};
  return Complaint{
      fmt::format("forward draws by {} elsewhere than right under `if self.training:`", name),
      "draw there, so that evaluation repeats, or use dropout"};
}

/// Files, threads, and calls that could not be inlined.
Finding LookAtKind(std::string_view name) {
  static const std::set<std::string_view> kRefused = {
      "aten::save", "aten::from_file",  "prim::fork",         "prim::awaitable",
      "aten::wait", "prim::CallMethod", "prim::CallFunction", "prim::PythonOp"};
  if (!kRefused.contains(name)) return {};
  return Complaint{fmt::format("forward uses {}, which cannot be simulated", name),
                   "take it out of the model"};
}

/// `self.training`.
bool IsMode(const Value& value) {
  const Node& node = *value.node();
  return node.kind() == torch::jit::prim::GetAttr && node.s(torch::jit::attr::name) == "training";
}

class Scan {
 public:
  explicit Scan(std::string subject) : subject_(std::move(subject)) {}

  Result<void> Visit(const torch::jit::Block& block, Runs runs) const {
    for (const Node* node : block.nodes()) {
      if (const Finding found = LookAt(*node, runs)) return ErrorOf(*node, *found);
      const bool by_mode = runs != Runs::kMaybe && node->kind() == torch::jit::prim::If &&
                           IsMode(*node->inputs()[0]);
      for (const torch::jit::Block* inner : node->blocks()) {
        const bool in_training = by_mode && inner == node->blocks()[0];
        DELSTEP_TRY(Visit(*inner, in_training ? Runs::kInEachTraining : Runs::kMaybe));
      }
    }
    return {};
  }

 private:
  static Finding LookAt(const Node& node, Runs runs) {
    const std::string name = node.kind().toQualString();
    if (node.kind() == torch::jit::prim::SetAttr) return LookAtAssignment(node);
    if (Finding found = LookAtKind(name)) return found;
    if (Finding found = LookAtChance(node, name, runs)) return found;
    return LookAtChange(node);
  }

  Error ErrorOf(const Node& node, const Complaint& complaint) const {
    std::string where;
    const auto range = node.sourceRange().findSourceRangeThatGenerated();
    if (const auto place = range ? range->file_line_col() : c10::nullopt)
      where = fmt::format(" ({}:{})", std::get<0>(*place), std::get<1>(*place));
    return UsageError(fmt::format("{}: {}{}", subject_, complaint.what, where), complaint.todo)
        .About("model.file");
  }

  std::string subject_;
};

}  // namespace

Result<void> CheckScript(const torch::jit::Module& module, const std::string& subject) {
  // Inlined in a copy: what submodules do counts too, and the model stays as it is.
  const auto graph = module.get_method("forward").graph()->copy();
  torch::jit::Inline(*graph);
  return Scan(subject).Visit(*graph->block(), Runs::kAlways);
}

}  // namespace delstep
