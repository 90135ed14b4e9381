#include "weights/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "base/text.h"
#include "weights/unpickler.h"

namespace delstep {
namespace {

using pickle::Kind;
using pickle::Ref;
using pickle::Value;
using pickle::Values;

/// Keys under which checkpoints mostly have the weights.
constexpr std::array<std::string_view, 3> kNests = {"state_dict", "model_state_dict", "model"};
/// Dictionaries in dictionaries that are looked through.
constexpr int kDeepestNest = 2;

bool HoldsTensors(const Values& values, const Value& dict) {
  if (dict.kind != Kind::kDict) return false;
  for (std::size_t i = 1; i < dict.items.size(); i += 2)
    if (values[dict.items[i]].kind == Kind::kTensor) return true;
  return false;
}

/// An optimizer's state has tensors too, as many as the model: they are no weights. "optimal" is no
/// optimizer, but "optimG" is one.
bool IsOptimizer(std::string_view key) {
  const std::string lower = Lower(key);
  for (const std::string_view word : {"optim", "sched"})
    for (std::size_t at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1))
      if (!lower.substr(at + word.size()).starts_with("al")) return true;
  return false;
}

/// A dictionary of tensors, and the keys that lead to it: "model", "checkpoint.net".
struct TensorDict {
  std::string path;
  const Value* dict = nullptr;
};

/// All dictionaries of tensors in this one, by any key but those of optimizers. One that holds tensors
/// itself is not looked into; but the outermost is meant only if it has no such dictionary. `seen` keeps what was looked at: a pickle may hold one dictionary
/// in many places, and in itself.
void CollectTensorDicts(const Values& values, const Value& dict, const std::string& path, int depth,
                        std::set<const Value*>& seen, std::vector<TensorDict>& found) {
  if (dict.kind != Kind::kDict || !seen.insert(&dict).second) return;
  // A model may have more in its dictionary than tensors, such as the state of a module's own.
  if (depth > 0 && HoldsTensors(values, dict)) return found.push_back({path, &dict});
  for (std::size_t i = 0; depth < kDeepestNest && i + 1 < dict.items.size(); i += 2) {
    const Value& key = values[dict.items[i]];
    if (key.kind != Kind::kText || IsOptimizer(key.text)) continue;
    CollectTensorDicts(values, values[dict.items[i + 1]],
                       fmt::format("{}{}{}", path, path.empty() ? "" : ".", key.text), depth + 1,
                       seen, found);
  }
  // Tensors beside the model's dictionary are the checkpoint's own: the state of a generator, counts.
  if (depth == 0 && found.empty() && HoldsTensors(values, dict)) found.push_back({path, &dict});
}

/// The dictionaries of tensors that may be meant: one, if all is well. Of several, that under a usual
/// key is the model, unless there are several of those too.
std::vector<TensorDict> FindTensors(const Values& values, const Value& root) {
  std::vector<TensorDict> found, usual;
  std::set<const Value*> seen;
  CollectTensorDicts(values, root, "", 0, seen, found);
  std::ranges::copy_if(found, std::back_inserter(usual), [](const TensorDict& one) {
    return std::ranges::find(kNests, one.path) != kNests.end();
  });
  return usual.size() == 1 ? usual : found;
}

Error NoTensors(const Values& values, const Value& root, const std::string& name) {
  std::vector<std::string> keys;
  if (root.kind == Kind::kDict)
    for (std::size_t i = 0; i < root.items.size() && keys.size() < 8; i += 2)
      if (const Value& key = values[root.items[i]]; key.kind == Kind::kText)
        keys.push_back(fmt::format("'{}'", NameText(key.text)));
  const char* const found = root.kind == Kind::kTensor ? "a tensor without a name"
                            : root.kind == Kind::kList ? "a list"
                                                       : "no dictionary";
  return BadFile(
      fmt::format("'{}': expected a dictionary of tensors, or one that holds it as '{}' or under "
                  "another key; found {}",
                  name, fmt::join(kNests, "', '"),
                  root.kind != Kind::kDict ? found
                  : keys.empty()           ? "an empty one"
                                           : Join(keys, ", ")),
      "in Python: torch.save(model.state_dict(), FILE)");
}

Error SeveralTensors(std::span<const TensorDict> dicts, const std::string& name) {
  std::vector<std::string> paths;
  for (const TensorDict& found : dicts.first(std::min<std::size_t>(dicts.size(), 8)))
    paths.push_back(fmt::format("'{}'", NameText(found.path)));
  return BadFile(fmt::format("'{}': found {} dictionaries of tensors, {}: which one is the model?",
                             name, dicts.size(), Join(paths, ", ")),
                 fmt::format("save the one alone, in Python: torch.save(torch.load(FILE)[{}], NEW)",
                             paths.front()));
}

/// Nothing but a tuple or list of numbers from 0 on.
template <class T>
bool TakeNumbers(const Values& values, Ref ref, std::vector<T>& numbers) {
  const Value& list = values[ref];
  if (list.kind != Kind::kTuple && list.kind != Kind::kList) return false;
  if (list.items.size() > kMostTensorDimensions) return false;
  for (const Ref item : list.items) {
    if (values[item].kind != Kind::kNumber || values[item].number < 0) return false;
    numbers.push_back(static_cast<T>(values[item].number));
  }
  return true;
}

bool TakeTensor(const Values& values, const Value& value, PickledTensor& tensor) {
  const Value& storage = values[value.items[0]];
  const Value& offset = values[value.items[1]];
  if (offset.kind != Kind::kNumber || offset.number < 0) return false;
  tensor.storage = storage.text;
  tensor.type = *storage.type;
  tensor.storage_count = static_cast<std::uint64_t>(storage.number);
  tensor.offset = static_cast<std::uint64_t>(offset.number);
  return TakeNumbers(values, value.items[2], tensor.size) &&
         TakeNumbers(values, value.items[3], tensor.stride) &&
         tensor.size.size() == tensor.stride.size();
}

}  // namespace

Result<std::vector<PickledTensor>> ReadPickledTensors(std::span<const std::uint8_t> bytes,
                                                      const std::string& name) {
  pickle::Unpickler unpickler(bytes, name);
  DELSTEP_ASSIGN(const Ref root, unpickler.Run());
  const Values& values = unpickler.values();
  const std::vector<TensorDict> found = FindTensors(values, values[root]);
  if (found.empty()) return NoTensors(values, values[root], name);
  if (found.size() > 1) return SeveralTensors(found, name);
  const Value* const dict = found.front().dict;
  std::vector<PickledTensor> tensors;
  std::set<std::string_view> names;
  const auto wrong = [&](std::string_view key, std::string_view what) {
    return BadFile(fmt::format("'{}': tensor '{}' {}", name, NameText(key), what),
                   "the file is damaged: fetch or write it again");
  };
  for (std::size_t i = 0; i < dict->items.size(); i += 2) {
    const Value &key = values[dict->items[i]], &value = values[dict->items[i + 1]];
    if (value.kind != Kind::kTensor) continue;
    if (key.kind != Kind::kText) return wrong("?", "has no text as its key");
    if (!names.insert(key.text).second) return wrong(key.text, "is there twice");
    PickledTensor& tensor = tensors.emplace_back();
    tensor.name = key.text;
    if (!TakeTensor(values, value, tensor))
      return wrong(key.text, "has a shape that cannot be read");
  }
  return tensors;
}

}  // namespace delstep
