#include "base/cow.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace delstep {
namespace {

/// Counts how often it is copied.
struct Counted {
  static inline std::atomic<int> copies{0};
  Counted() = default;
  Counted(const Counted& other) : numbers(other.numbers) { ++copies; }
  Counted(Counted&&) = default;
  std::vector<int> numbers;
};

TEST(Cow, IsAsItsTypeMakesItUntilItIsWritten) {
  const Cow<std::string> text;
  EXPECT_EQ(*text, "");
  EXPECT_EQ(text.identity(), nullptr) << "it takes no memory";
  Cow<int> number(7);
  EXPECT_EQ(*number, 7);
}

TEST(Cow, IsCopiedWhenItIsChangedAndNotBefore) {
  Counted::copies = 0;
  Cow<Counted> a;
  a.Write().numbers = {1};
  Cow<Counted> b = a;
  EXPECT_TRUE(a.SharesWith(b));
  EXPECT_EQ(b->numbers.size(), 1u);
  EXPECT_EQ(Counted::copies, 0) << "neither copying nor reading copies the value";
  a.Write().numbers.push_back(2);
  EXPECT_EQ(Counted::copies, 1);
  EXPECT_FALSE(a.SharesWith(b));
  EXPECT_EQ(b->numbers, std::vector{1});
  EXPECT_EQ(a->numbers, (std::vector{1, 2}));
  a.Write().numbers.push_back(3);
  b.Write().numbers.push_back(4);
  EXPECT_EQ(Counted::copies, 1) << "each is the only holder of its own by now";
}

TEST(Cow, ASingleHolderNeverCopiesAlsoAfterACopyHasGone) {
  Counted::copies = 0;
  Cow<Counted> a;
  a.Write().numbers = {1};
  { const Cow<Counted> gone = a; }
  const Counted* before = &*a;
  EXPECT_EQ(&a.Write(), before);
  Cow<Counted> moved = std::move(a);
  EXPECT_EQ(&moved.Write(), before);
  EXPECT_EQ(Counted::copies, 0);
}

// Copies in several threads: what ThreadSanitizer looks at.
TEST(Cow, CopiesLiveInThreadsOfTheirOwn) {
  Cow<std::vector<int>> shared(std::vector<int>(1000, 1));
  std::vector<std::thread> threads;
  std::atomic<int> sum{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([own = shared, t, &sum]() mutable {
      for (int round = 0; round < 200; ++round) {
        Cow<std::vector<int>> copy = own;
        copy.Write()[0] = t;
        own = copy;
      }
      sum += own->front();
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 0 + 1 + 2 + 3);
  EXPECT_EQ(shared->front(), 1);
}

}  // namespace
}  // namespace delstep
