#include "data/data_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/utf8.h"
#include "data/blobs.h"
#include "data/cifar.h"
#include "data/csv.h"
#include "data/divide_features.h"
#include "data/images.h"
#include "data/leaf.h"
#include "data/mnist.h"
#include "data/npz.h"
#include "data/text_corpus.h"

namespace delstep {
namespace {

/// People's own files have no usual place.
Result<void> NeedsPath(const DataOptions& data, const char* example) {
  if (!data.path.empty()) return {};
  return UsageError(fmt::format("data.name = '{}' needs data.path", data.name),
                    fmt::format("data.path={}", example))
      .About("data.name");
}

/// Many whole numbers up to 255, or near it: bytes of pixels that were saved as other numbers,
/// which are not divided on their own as bytes are.
bool LookLikePixels(const Dataset& dataset) {
  constexpr std::size_t kFewFeatures = 16;
  constexpr float kDark = 100, kWhite = 255;
  if (dataset.tokens > 0 || dataset.floats.empty() || dataset.example_size < kFewFeatures)
    return false;
  float highest = 0;
  for (const float value : dataset.floats) {
    if (value < 0 || value > kWhite || value != std::floor(value)) return false;
    highest = std::max(highest, value);
  }
  return highest > kDark;
}

/// Commands and the members of JSON call a class by its name. So of names that look alike all but
/// the first get a number.
void TellNamesApart(LoadedData& loaded) {
  std::vector<std::string>& names = loaded.class_names;
  std::set<std::string> taken;  // as they are shown
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!taken.insert(Printable(names[i])).second) again.push_back(i);
  if (again.empty()) return;
  std::map<std::string, std::size_t> uses;
  for (const std::size_t i : again) {
    const std::string shown = Printable(names[i]);
    std::size_t& number = uses.try_emplace(shown, 1).first->second;
    do names[i] = fmt::format("{} ({})", shown, ++number);
    while (!taken.insert(names[i]).second);
  }
  loaded.notes.push_back(fmt::format(
      "{} like one before: class number {}, counted from 0, is shown as '{}'",
      again.size() == 1 ? "a class is called" : fmt::format("{} classes are called", again.size()),
      again.front(), names[again.front()]));
}

/// What is done to every data set once it is read.
Result<LoadedData> Finished(const Scenario& scenario, Result<LoadedData> read) {
  DELSTEP_ASSIGN(LoadedData loaded, std::move(read));
  DELSTEP_TRY(DivideFeatures(scenario.data, loaded));
  TellNamesApart(loaded);
  if (loaded.dataset.classes == 1)
    loaded.notes.push_back("all examples are of one class: there is nothing to tell apart");
  const auto classes = static_cast<std::size_t>(loaded.dataset.classes);
  if (loaded.dataset.tokens == 0 && classes > 2 && classes == loaded.dataset.labels.size())
    loaded.notes.push_back(
        "each example is of a class of its own: nothing can be learned about the others; a label "
        "names one of a few classes");
  if (scenario.data.scale == "auto" && LookLikePixels(loaded.dataset))
    loaded.notes.push_back(
        "features are whole numbers from 0 to 255 and are not scaled: if they are pixels: "
        "data.scale=255");
  return loaded;
}

Result<LoadedData> LoadNpz(const Scenario& scenario) {
  DELSTEP_TRY(NeedsPath(scenario.data, "set.npz"));
  return ReadNpz(scenario.data.path);
}

Result<LoadedData> LoadCsv(const Scenario& scenario) {
  DELSTEP_TRY(NeedsPath(scenario.data, "table.csv, or a folder of such files"));
  return ReadCsv(scenario.data.path,
                 {.label = scenario.data.label, .header = scenario.data.header});
}

}  // namespace

std::vector<WantedFiles> PublishedDataSets(const DataOptions& options) {
  std::vector<WantedFiles> sets = {Mnist().files, FashionMnist().files, Cifar10Files(),
                                   Cifar100Files()};
  if (const auto emnist = Emnist(options.split)) sets.push_back(emnist->files);
  return sets;
}

LoadData Finishing(LoadData read) {
  return [read = std::move(read)](const Scenario& scenario) {
    return Finished(scenario, read(scenario));
  };
}

void AddDataSources(Parts<LoadData>& parts, DataFolders folders) {
  const auto add = [&](const char* name, const char* sentence, auto read) {
    parts.Add(name, sentence, Finishing([read, folders](const Scenario& scenario) {
                return read(scenario.data, folders);
              }));
  };
  using Options = const DataOptions&;
  using Folders = const DataFolders&;
  using Loaded = Result<LoadedData>;
  add("mnist", "70,000 handwritten digits of 28 x 28 pixels, 10 classes",
      [](Options data, Folders places) { return ReadMnist(Mnist(), data.path, places); });
  add("fashion-mnist", "70,000 pictures of clothing of 28 x 28 pixels, 10 classes",
      [](Options data, Folders places) { return ReadMnist(FashionMnist(), data.path, places); });
  add("emnist", "handwritten letters and digits of 28 x 28 pixels; data.split says which",
      [](Options data, Folders places) -> Loaded {
        DELSTEP_ASSIGN(const MnistLike set, Emnist(data.split));
        return ReadMnist(set, data.path, places);
      });
  add("cifar-10", "60,000 colour pictures of 32 x 32 pixels, 10 classes",
      [](Options data, Folders places) { return ReadCifar10(data.path, places); });
  add("cifar-100", "the same with 100 classes, or with data.coarse 20",
      [](Options data, Folders places) { return ReadCifar100(data.coarse, data.path, places); });
  const auto add_own = [&](const char* name, const char* sentence, auto read) {
    parts.Add(name, sentence, Finishing(read));
  };
  add_own("npz", "NumPy arrays x_train, y_train, x_test, y_test of a file", LoadNpz);
  add_own("csv", "a table with a label column, data.label", LoadCsv);
  add_own("leaf", "examples of users, as LEAF makes them",
          [](const Scenario& scenario) { return ReadLeaf(scenario.data); });
  add_own("images", "a folder of pictures a class",
          [](const Scenario& scenario) { return ReadImages(scenario.data); });
  add_own("text", "texts, to learn the next character or word of",
          [](const Scenario& scenario) { return ReadText(scenario.data); });
  add_own("blobs", "synthetic Gaussian classes; needs no files",
          [](const Scenario& scenario) { return MakeBlobs(scenario.data, scenario.seed); });
}

}  // namespace delstep
