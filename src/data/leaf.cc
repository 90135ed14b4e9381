#include "data/leaf.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "data/folder.h"
#include "data/leaf_file.h"
#include "data/token_data.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// The memory behind a LoadedData.
struct LeafStorage {
  std::vector<float> values;
  std::vector<std::int32_t> labels;
};

Result<void> ReadPart(const fs::path& path, LeafContent& content,
                      std::vector<std::string>& read_files) {
  DELSTEP_ASSIGN(const std::vector<fs::path> files, FilesAt(path, ".json"));
  for (const fs::path& file : files) {
    DELSTEP_ASSIGN(FileSource source, FileSource::Open(file));
    DELSTEP_TRY(ReadLeafFile(source, content));
    read_files.push_back(file.string());
  }
  return {};
}

LoadedData MakeNumberData(LeafContent& content) {
  const auto storage = std::make_shared<LeafStorage>();
  storage->values = std::move(content.values);
  storage->labels = std::move(content.labels);
  LoadedData loaded;
  Dataset& dataset = loaded.dataset;
  dataset.example_size = content.example_size;
  dataset.example_shape = {static_cast<std::int64_t>(content.example_size)};
  if (content.example_size == 28 * 28) dataset.example_shape = {1, 28, 28};
  dataset.floats = storage->values;
  dataset.labels = storage->labels;
  dataset.classes = std::ranges::max(storage->labels) + 1;
  loaded.owner = storage;
  return loaded;
}

Result<LoadedData> MakeTextData(const LeafContent& content, std::size_t most_tokens) {
  std::vector<TokenExample> examples;
  for (std::size_t i = 0; i < content.labels.size(); ++i)
    examples.push_back({i * content.example_size, static_cast<std::uint32_t>(content.labels[i])});
  return MakeTokenData(content.characters, examples, content.example_size,
                       MostFrequent(content.counts, most_tokens));
}

}  // namespace

Result<LoadedData> ReadLeaf(const DataOptions& options) {
  if (options.path.empty())
    return UsageError("data.name = leaf needs data.path",
                      "a .json file of LEAF, or the folder with its train and test folders")
        .About("data.name");
  fs::path root = options.path;
  if (IsFolder(root / "data" / "train")) root /= "data";
  const bool split = IsFolder(root / "train");
  LeafContent content;
  std::vector<std::string> files;
  DELSTEP_TRY(ReadPart(split ? root / "train" : root, content, files));
  const std::size_t train_examples = content.labels.size();
  if (split && IsFolder(root / "test")) DELSTEP_TRY(ReadPart(root / "test", content, files));
  if (content.labels.empty()) {
    return BadFile(fmt::format("'{}' holds no example", options.path),
                   "\"user_data\" names no user, or users with empty lists alone: check data.path");
  }
  LoadedData loaded;
  if (content.kind == LeafContent::Kind::kText) {
    DELSTEP_ASSIGN(loaded, MakeTextData(content, options.vocabulary));
  } else {
    loaded = MakeNumberData(content);
  }
  loaded.name = "leaf";
  loaded.train_examples = train_examples;
  loaded.sources = std::move(content.sources);
  loaded.source_names = std::move(content.source_names);
  loaded.files = std::move(files);
  return loaded;
}

}  // namespace delstep
