#include "data/blobs.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

DataOptions Options(std::size_t samples, std::size_t features, std::size_t classes, double spread) {
  DataOptions options;
  options.samples = samples;
  options.features = features;
  options.classes = classes;
  options.spread = spread;
  return options;
}

std::vector<std::size_t> ClassCounts(const Dataset& data) {
  std::vector<std::size_t> counts(static_cast<std::size_t>(data.classes));
  for (const std::int32_t label : data.labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

/// Softmax regression with a bias, by plain gradient descent on the training part.
class LogisticRegression {
 public:
  explicit LogisticRegression(const Dataset& data)
      : data_(data), width_(data.example_size + 1), weights_(Classes() * width_) {}

  void Descend(std::size_t examples, double rate) {
    std::vector<double> gradient(weights_.size());
    for (std::size_t i = 0; i < examples; ++i) {
      std::vector<double> p = Scores(i);
      const double largest = *std::ranges::max_element(p);
      double sum = 0;
      for (double& x : p) sum += x = std::exp(x - largest);
      for (std::size_t c = 0; c < p.size(); ++c) {
        const double slope = p[c] / sum - (data_.labels[i] == static_cast<std::int32_t>(c) ? 1 : 0);
        for (std::size_t f = 0; f < width_; ++f) gradient[c * width_ + f] += slope * Feature(i, f);
      }
    }
    for (std::size_t k = 0; k < weights_.size(); ++k)
      weights_[k] -= rate * gradient[k] / static_cast<double>(examples);
  }

  bool IsRight(std::size_t i) const {
    const std::vector<double> scores = Scores(i);
    return std::ranges::max_element(scores) - scores.begin() == data_.labels[i];
  }

 private:
  std::size_t Classes() const { return static_cast<std::size_t>(data_.classes); }
  double Feature(std::size_t i, std::size_t f) const {
    return f + 1 == width_ ? 1.0 : static_cast<double>(data_.floats[i * data_.example_size + f]);
  }
  std::vector<double> Scores(std::size_t i) const {
    std::vector<double> scores(Classes());
    for (std::size_t c = 0; c < scores.size(); ++c)
      for (std::size_t f = 0; f < width_; ++f)
        scores[c] += weights_[c * width_ + f] * Feature(i, f);
    return scores;
  }

  const Dataset& data_;
  std::size_t width_;
  std::vector<double> weights_;
};

TEST(Blobs, HaveTheShapeAskedForAndSixSeventhsToTrainOn) {
  const auto loaded = MakeBlobs(Options(700, 5, 3, 1), 1);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->name, "blobs");
  EXPECT_EQ(loaded->dataset.size(), 700u);
  EXPECT_EQ(loaded->train_examples, 600u);
  EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(5));
  EXPECT_EQ(loaded->dataset.floats.size(), 3500u);
  EXPECT_TRUE(loaded->dataset.bytes.empty());
  EXPECT_TRUE(loaded->files.empty());
}

TEST(Blobs, LabelsAreBalancedAndShuffled) {
  const auto loaded = MakeBlobs(Options(1001, 16, 4, 1), 1);
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(ClassCounts(loaded->dataset), ElementsAre(251, 250, 250, 250));
  std::size_t in_turn = 0;
  for (std::size_t i = 0; i < 1001; ++i)
    in_turn += loaded->dataset.labels[i] == static_cast<std::int32_t>(i % 4);
  // A quarter by chance: 250 with a standard deviation of 14.
  EXPECT_NEAR(static_cast<double>(in_turn), 250, 70);
}

TEST(Blobs, AreAFunctionOfTheSeed) {
  const auto a = MakeBlobs({}, 5), b = MakeBlobs({}, 5), c = MakeBlobs({}, 6);
  EXPECT_TRUE(std::ranges::equal(a->dataset.floats, b->dataset.floats));
  EXPECT_TRUE(std::ranges::equal(a->dataset.labels, b->dataset.labels));
  EXPECT_FALSE(std::ranges::equal(a->dataset.floats, c->dataset.floats));
}

TEST(Blobs, SpreadIsTheDeviationAroundTheCentre) {
  const auto points = MakeBlobs(Options(4000, 2, 1, 0), 3);
  const auto cloud = MakeBlobs(Options(4000, 2, 1, 2.5), 3);
  double squares = 0;
  for (std::size_t i = 0; i < 8000; ++i) {
    const double from_centre = static_cast<double>(cloud->dataset.floats[i]) -
                               static_cast<double>(points->dataset.floats[i]);
    squares += from_centre * from_centre;
  }
  // The estimate's relative deviation is 1 / sqrt(2 * 8000) = 0.8 %.
  EXPECT_NEAR(std::sqrt(squares / 8000), 2.5, 0.1);
}

TEST(Blobs, ALinearModelTellsThemApart) {
  for (const std::uint64_t seed : {1, 2, 3, 7}) {
    const auto loaded = MakeBlobs({}, seed);
    LogisticRegression model(loaded->dataset);
    for (int step = 0; step < 50; ++step) model.Descend(loaded->train_examples, 0.3);
    std::size_t right = 0;
    for (std::size_t i = loaded->train_examples; i < loaded->dataset.size(); ++i)
      right += model.IsRight(i);
    const auto tested = static_cast<double>(loaded->dataset.size() - loaded->train_examples);
    EXPECT_GT(static_cast<double>(right) / tested, 0.9) << "seed " << seed;
  }
}

TEST(Blobs, NameTheOptionThatIsOutOfRange) {
  const auto message = [](const DataOptions& options) {
    const auto loaded = MakeBlobs(options, 1);
    EXPECT_FALSE(loaded.ok());
    if (loaded.ok()) return std::string();
    EXPECT_EQ(loaded.error().code, ErrorCode::kUsage);
    return loaded.error().message;
  };
  EXPECT_THAT(message(Options(2000, 16, 0, 1)), HasSubstr("data.classes = 0"));
  EXPECT_THAT(message(Options(2000, 0, 4, 1)), HasSubstr("data.features = 0"));
  EXPECT_THAT(message(Options(6, 16, 4, 1)), HasSubstr("data.samples = 6: blobs need at least 7"));
  EXPECT_THAT(message(Options(10, 16, 11, 1)), HasSubstr("need at least 11"));
  EXPECT_THAT(message(Options(std::size_t{1} << 40, std::size_t{1} << 40, 4, 1)),
              HasSubstr("at most 1073741824 values"));
  EXPECT_THAT(message(Options(2000, 16, 4, -1)), HasSubstr("data.spread = -1"));
  EXPECT_THAT(message(Options(2000, 16, 4, std::numeric_limits<double>::infinity())),
              HasSubstr("data.spread"));
}

}  // namespace
}  // namespace delstep
