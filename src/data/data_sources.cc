#include "data/data_sources.h"

#include <fmt/format.h>

#include <utility>

#include "data/blobs.h"
#include "data/cifar.h"
#include "data/csv.h"
#include "data/mnist.h"
#include "data/npz.h"
#include "data/own_sources.h"

namespace delstep {
namespace {

/// People's own files have no usual place.
Result<void> NeedsPath(const DataOptions& data, const char* example) {
  if (!data.path.empty()) return {};
  return UsageError(fmt::format("data.name = '{}' needs data.path", data.name),
                    fmt::format("data.path={}", example))
      .About("data.name");
}

Result<LoadedData> LoadNpz(const Scenario& scenario) {
  DELSTEP_TRY(NeedsPath(scenario.data, "set.npz"));
  return ReadNpz(scenario.data.path);
}

Result<LoadedData> LoadCsv(const Scenario& scenario) {
  DELSTEP_TRY(NeedsPath(scenario.data, "table.csv, or a folder of such files"));
  return ReadCsv(scenario.data.path, scenario.data.label);
}

}  // namespace

std::vector<WantedFiles> PublishedDataSets(const DataOptions& options) {
  std::vector<WantedFiles> sets = {Mnist().files, FashionMnist().files, Cifar10Files(),
                                   Cifar100Files()};
  if (const auto emnist = Emnist(options.split)) sets.push_back(emnist->files);
  return sets;
}

void AddDataSources(Parts<LoadData>& parts, DataFolders folders) {
  const auto add = [&](const char* name, const char* sentence, auto read) {
    parts.Add(name, sentence,
              [read, folders](const Scenario& scenario) { return read(scenario.data, folders); });
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
  parts.Add("npz", "NumPy arrays x_train, y_train, x_test, y_test of a file", LoadNpz);
  parts.Add("csv", "a table with a header and a label column, data.label", LoadCsv);
  AddOwnSources(parts);
  parts.Add("blobs", "synthetic Gaussian classes; needs no files",
            [](const Scenario& scenario) { return MakeBlobs(scenario.data, scenario.seed); });
}

}  // namespace delstep
