#include "core/engine/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "math/kernels.h"

namespace delstep {
namespace {

constexpr const char* kSameEverywhere =
    "data sets and files that a scenario names must be there on every machine, under the same "
    "paths "
    "and with the same contents";

/// A file of the user's that every process has read by itself, and the key that names it.
struct OwnFile {
  std::string key, file;
  PartContent content = 0;
};

// What only the leader reads is not among them: traces, weights to begin with, behaviours. Nor is a rule
// that is taken again, whatever its file holds by now.
std::vector<OwnFile> OwnFilesOf(const Engine& engine, const Renewal& renewal) {
  std::vector<OwnFile> files;
  const MadeRule& rule = *renewal.rule;
  if (!renewal.keeps_rule && engine.registry->aggregators.IsFile(rule.name))
    files.push_back({.key = "aggregation.name", .file = rule.name, .content = rule.content});
  if (const std::string& file = renewal.scenario->model.file; !file.empty())
    files.push_back(
        {.key = "model.file", .file = file, .content = ContentOf(*engine.registry, file)});
  return files;
}

/// "'d.csv'", "'train-images' and 3 more files".
std::string FilesOf(const LoadedData& data) {
  if (data.files.empty()) return data.name;
  const std::size_t more = data.files.size() - 1;
  return fmt::format("'{}'{}", data.files.front(),
                     more == 0 ? "" : " and " + Count(more, "more file"));
}

Result<void> Compare(const Ingredients& theirs, const Ingredients& ours, const std::string& who,
                     const Engine& engine, const std::vector<OwnFile>& files) {
  // It is known before any data are looked at, and explains nothing else.
  if (theirs.kernels != ours.kernels)
    return Unavailable(
        fmt::format("{} computes with the instruction set {}, and the first process with {}: their "
                    "bits differ",
                    who, theirs.kernels, ours.kernels),
        "portable = true gives the same bits on every machine; or choose machines of one kind");
  // The number of examples is a part of the hash; by itself it tells a file that was cut.
  if (theirs.data != ours.data || theirs.examples != ours.examples)
    return BadFile(
        fmt::format(
            "{} has other data than the first process: {} gives {}, hash {}, there, and {}, "
            "hash {}, here",
            who, FilesOf(engine.data), Count(theirs.examples, "example"), HexHash(theirs.data),
            Count(ours.examples, "example"), HexHash(ours.data)),
        kSameEverywhere);
  for (std::size_t i = 0; i < files.size(); ++i)
    if (theirs.files[i] != ours.files[i])
      return BadFile(fmt::format("{} = '{}': {} has other contents there than the first process",
                                 files[i].key, files[i].file, who),
                     kSameEverywhere);
  return {};
}

}  // namespace

std::uint64_t HashOf(const Dataset& data) {
  std::uint64_t hash = HashBytes(std::as_bytes(std::span(data.example_shape)));
  hash = HashBytes(std::as_bytes(std::span(&data.classes, 1)), hash);
  hash = HashBytes(std::as_bytes(std::span(&data.scale, 1)), hash);
  hash = HashBytes(std::as_bytes(std::span(&data.shift, 1)), hash);
  hash = HashBytes(std::as_bytes(std::span(&data.tokens, 1)), hash);
  hash = HashBytes(std::as_bytes(data.bytes), hash);
  hash = HashBytes(std::as_bytes(data.floats), hash);
  return HashBytes(std::as_bytes(data.labels), hash);
}

Ingredients IngredientsOf(const Engine& engine, const Renewal& renewal) {
  Ingredients ingredients;
  ingredients.kernels = (renewal.scenario->portable ? PortableKernels() : BestKernels()).name;
  // A learner is made once the data are there, and never without.
  if (!engine.learner) {
    ingredients.examples = engine.data.dataset.size();
    ingredients.data = HashOf(engine.data.dataset);
  }
  for (const OwnFile& own : OwnFilesOf(engine, renewal)) ingredients.files.push_back(own.content);
  return ingredients;
}

void Add(ByteWriter& writer, const Ingredients& ingredients) {
  writer.Add(std::string_view(ingredients.kernels));
  writer.Add(ingredients.examples);
  writer.Add(ingredients.data);
  writer.Add(std::uint64_t{ingredients.files.size()});
  for (const std::uint64_t file : ingredients.files) writer.Add(file);
}

Ingredients ReadIngredients(ByteReader& reader) {
  Ingredients ingredients;
  ingredients.kernels = reader.Text();
  ingredients.examples = reader.Number();
  ingredients.data = reader.Number();
  for (std::size_t left = reader.Count(8); left > 0; --left)
    ingredients.files.push_back(reader.Number());
  return ingredients;
}

Result<EngineName> AgreeOn(const Engine& engine, const Renewal& renewal, std::uint64_t rule) {
  Cluster& cluster = *engine.cluster;
  const EngineName name = engine.learner ? cluster.Renewed(engine.name) : cluster.NewEngine();
  auto answers = cluster.ProposeEngine(engine.name, name, *renewal.scenario, rule);
  if (!answers) {
    Error error = std::move(answers).error();
    // The hint of the part is for the machine that it was made on, and speaks of a first attempt.
    if (error.code == ErrorCode::kFile) error.hint = kSameEverywhere;
    return error;
  }
  const Ingredients ours = IngredientsOf(engine, renewal);
  const std::vector<OwnFile> files = OwnFilesOf(engine, renewal);
  // The first that differs is told; where one does, others of its machine will too.
  for (std::size_t i = 0; i < answers->size(); ++i) {
    ByteReader reader((*answers)[i]);
    const std::string_view host = reader.Text();
    DELSTEP_TRY(Compare(ReadIngredients(reader), ours,
                        fmt::format("process {}, on {},", i + 1, host), engine, files));
  }
  return name;
}

}  // namespace delstep
