#include "console/language/command_queue.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace delstep {
namespace {

void PushText(CommandQueue& queue, std::string text, std::string file = "test.del") {
  ReadScript read = ParseScript(std::move(text), std::move(file));
  ASSERT_FALSE(read.unclosed);
  queue.Push(std::move(read.script), false);
}

/// Takes the next command, and does what `repeat` and `load` do. Its text with its place; empty:
/// none.
std::string Step(CommandQueue& queue, const std::string& folder = {}) {
  const Statement* statement = queue.Next();
  if (statement == nullptr) return {};
  const Word& verb = statement->words.front();
  const std::string text = queue.Text() + " " + PlaceOf(verb);
  if (verb.text == "repeat") {
    queue.Repeat(std::stoull(statement->words[1].text));
  } else if (verb.text == "load") {
    Word file = statement->words[1];
    file.text = folder + "/" + file.text;
    EXPECT_TRUE(queue.Load(file));
  }
  return text;
}

std::vector<std::string> Rest(CommandQueue queue, const std::string& folder = {}) {
  std::vector<std::string> rest;
  for (std::string text = Step(queue, folder); !text.empty(); text = Step(queue, folder))
    rest.push_back(text);
  return rest;
}

std::string Saved(const CommandQueue& queue) {
  ByteWriter writer;
  queue.Save(writer);
  return writer.Take();
}

constexpr const char* kScript =
    "a 1\nrepeat 3 {\n  b\n  repeat 2 { c; d } # inner\n  load part.del\n}\nrepeat 2 repeat 2 e\nf";

class SavedQueue : public testing::Test {
 protected:
  SavedQueue() {
    // Tests of other processes make the same files at the same time.
    std::string name = testing::TempDir() + "saved_queue_XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::ofstream(folder_ + "/part.del") << "repeat 2 { x; load empty.del; y }\nz\n";
    std::ofstream(folder_ + "/empty.del") << "# nothing\n";
  }
  ~SavedQueue() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(SavedQueue, GoesOnAlikeFromEveryCommand) {
  CommandQueue queue;
  PushText(queue, kScript);
  const std::size_t all = Rest(queue, folder_).size();
  // a, repeat, 3 x (b, repeat, 2 x (c, d), load, repeat, 2 x (x, load, y), z), repeat,
  // 2 x (repeat, 2 x e), f: 1 + 1 + 3 * (1 + 1 + 4 + 1 + 1 + 6 + 1) + 1 + 2 * 3 + 1 = 55.
  EXPECT_EQ(all, 55u);
  for (std::size_t done = 0; done <= all; ++done) {
    CommandQueue loaded;
    const std::string bytes = Saved(queue);
    ByteReader reader(bytes);
    loaded.Load(reader);
    ASSERT_TRUE(reader.AtEnd()) << done;
    EXPECT_EQ(Rest(loaded, folder_), Rest(queue, folder_)) << done;
    EXPECT_EQ(loaded.Ahead().empty(), done == all);
    Step(queue, folder_);
  }
}

TEST_F(SavedQueue, NeedsNoFileThatHasBeenLoaded) {
  CommandQueue queue;
  PushText(queue, "load part.del; f");
  Step(queue, folder_);  // load
  Step(queue, folder_);  // repeat
  const std::vector<std::string> rest = Rest(queue, folder_);
  const std::string bytes = Saved(queue);
  std::filesystem::remove(folder_ + "/part.del");
  CommandQueue loaded;
  ByteReader reader(bytes);
  loaded.Load(reader);
  EXPECT_EQ(Rest(loaded, folder_), rest);
}

TEST_F(SavedQueue, SaysWhatIsNext) {
  CommandQueue queue;
  PushText(queue, "train\nflood ann");
  Step(queue);
  EXPECT_EQ(queue.Ahead(), "flood ann (test.del:2)");
  Step(queue);
  EXPECT_EQ(queue.Ahead(), "");
}

TEST_F(SavedQueue, RefusesWhatIsCutOrCannotBe) {
  CommandQueue queue;
  PushText(queue, kScript);
  for (int i = 0; i < 9; ++i) Step(queue, folder_);
  const std::string bytes = Saved(queue);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CommandQueue loaded;
    ByteReader reader(std::string_view(bytes).substr(0, size));
    loaded.Load(reader);
    EXPECT_FALSE(reader.AtEnd()) << size;
    EXPECT_TRUE(loaded.idle()) << size;
  }
  // Any byte may be another one: places stay inside of their script, whatever they say.
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    CommandQueue loaded;
    ByteReader reader(changed);
    loaded.Load(reader);
    for (int i = 0; i < 100 && loaded.Next() != nullptr; ++i) loaded.Text();
  }
}

}  // namespace
}  // namespace delstep
