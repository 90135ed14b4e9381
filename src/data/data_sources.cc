#include "data/data_sources.h"

#include <utility>

#include "data/blobs.h"
#include "data/mnist.h"

namespace delstep {
namespace {

LoadData LoadMnistLike(MnistLike set, std::filesystem::path recorded) {
  return [set = std::move(set),
          recorded = std::move(recorded)](const Scenario& scenario) -> Result<LoadedData> {
    DELSTEP_ASSIGN(const MnistFiles files, FindMnistFiles(set.name, scenario.data.path, recorded));
    return ReadMnist(set, files);
  };
}

}  // namespace

void AddDataSources(Parts<LoadData>& parts, std::filesystem::path recorded) {
  parts.Add(
      "mnist", "70,000 handwritten digits of 28 x 28 pixels, 10 classes",
      LoadMnistLike({"mnist", 10, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}}, recorded));
  parts.Add("fashion-mnist", "70,000 pictures of clothing of 28 x 28 pixels, 10 classes",
            LoadMnistLike({"fashion-mnist",
                           10,
                           {"T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal",
                            "shirt", "sneaker", "bag", "ankle boot"}},
                          recorded));
  parts.Add("blobs", "synthetic Gaussian classes; needs no files",
            [](const Scenario& scenario) { return MakeBlobs(scenario.data, scenario.seed); });

  const std::string reason = "not written yet";
  parts.AddAbsent("emnist", "handwritten letters and digits", reason);
  parts.AddAbsent("cifar-10", "60,000 colour pictures, 10 classes", reason);
  parts.AddAbsent("cifar-100", "60,000 colour pictures, 100 classes", reason);
  parts.AddAbsent("npz", "NumPy arrays x_train, y_train, x_test, y_test", reason);
  parts.AddAbsent("csv", "a table with a header and a label column", reason);
  parts.AddAbsent("leaf", "LEAF JSON, one owner an entry", reason);
  parts.AddAbsent("images", "a folder of pictures a class", reason);
  parts.AddAbsent("text", "text for language models", reason);
  parts.AddAbsent("module", "a data set of your own, loaded at run time", reason);
}

}  // namespace delstep
