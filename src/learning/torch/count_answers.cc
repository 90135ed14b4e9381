#include "learning/torch/count_answers.h"

#include <vector>

#include "learning/jobs.h"

namespace delstep {
namespace {

constexpr const char* kCounter = "CountCorrect() of the model";
constexpr const char* kNoOneClass =
    "CountCorrect() of the model does not take exactly one class for right, so no example has a "
    "predicted class";

/// Asks a net that counts in its own way about each class: of the examples of class t, those are
/// taken for class p that would be right if p were their class.
std::string AskForConfusion(Net& net, const torch::Tensor& output, const torch::Tensor& target,
                            std::int64_t classes, std::vector<std::int64_t>& confusion) {
  if (output.dim() == 0 || output.size(0) != target.size(0)) return kNoOneClass;
  for (std::int64_t t = 0; t < classes; ++t) {
    const torch::Tensor rows = target.eq(t).nonzero().flatten();
    const std::int64_t examples = rows.size(0);
    if (examples == 0) continue;
    const torch::Tensor of_class = output.index_select(0, rows);
    std::int64_t sum = 0;
    for (std::int64_t p = 0; p < classes; ++p) {
      const std::int64_t taken =
          net.CountCorrect(of_class, torch::full({examples}, p, target.options()));
      // Counts that are none may add up as well.
      if (std::string why = WhyNoCount(kCounter, taken, static_cast<std::size_t>(examples));
          !why.empty())
        return why;
      confusion[static_cast<std::size_t>(t * classes + p)] += taken;
      sum += taken;
    }
    if (sum != examples) return kNoOneClass;
  }
  return {};
}

/// Adds a batch, of which `correct` examples are right, to the matrix.
std::string AddConfusion(Net& net, const torch::Tensor& output, const torch::Tensor& target,
                         std::int64_t correct, std::int64_t classes,
                         std::vector<std::int64_t>& confusion) {
  // The highest score, if that is how the net counts: what it says of the whole batch tells.
  if (output.dim() != 2 || output.size(1) != classes)
    return AskForConfusion(net, output, target, classes, confusion);
  const torch::Tensor predicted = output.argmax(1);
  if (predicted.eq(target).sum().item<std::int64_t>() != correct)
    return AskForConfusion(net, output, target, classes, confusion);
  const torch::Tensor true_classes = target.cpu(), predicted_classes = predicted.cpu();
  const auto truth = true_classes.accessor<std::int64_t, 1>();
  const auto taken = predicted_classes.accessor<std::int64_t, 1>();
  for (std::int64_t i = 0; i < target.size(0); ++i)
    ++confusion[static_cast<std::size_t>(truth[i] * classes + taken[i])];
  return {};
}

}  // namespace

std::string CountAnswers(Net& net, const torch::Tensor& output, const torch::Tensor& target,
                         std::int64_t classes, EvaluateResult& result) {
  const std::int64_t correct = net.CountCorrect(output, target);
  if (std::string why = WhyNoCount(kCounter, correct, static_cast<std::size_t>(target.size(0)));
      !why.empty())
    return why;
  result.correct += correct;
  if (result.confusion.empty()) return {};
  return AddConfusion(net, output, target, correct, classes, result.confusion);
}

}  // namespace delstep
