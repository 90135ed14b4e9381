#include "user_models/script_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "archive/zip.h"

namespace delstep {
namespace {

using testing::HasSubstr;
using Entries = std::vector<std::pair<std::string, std::string>>;

std::string Zip(const Entries& entries) {
  std::ostringstream out;
  ZipWriter writer(out);
  for (const auto& [name, content] : entries) writer.Add(name, std::as_bytes(std::span(content)));
  writer.Finish();
  return out.str();
}

Result<std::string> WriterOf(const std::string& content) {
  return WriterOfScript({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()},
                        "net.pt");
}

TEST(ScriptArchive, NamesTheWriterAsFarAsTheFileTells) {
  const Entries old = {
      {"net/data.pkl", "."}, {"net/code/__torch__.py", ""}, {"net/version", "3\n"}};
  EXPECT_EQ(*WriterOf(Zip(old)), "PyTorch (file format 3)");
  Entries newer = old;
  newer.emplace_back("net/byteorder", "little");
  EXPECT_EQ(*WriterOf(Zip(newer)), "PyTorch 2.1 or later (file format 3)");
  EXPECT_EQ(*WriterOf(Zip({{"net/code/a.py", ""}})), "PyTorch (file format not told)");
  EXPECT_EQ(*WriterOf(Zip({{"net/code/a.py", ""}, {"net/version", "\x1b[2J"}})),
            "PyTorch (file format not told)");
}

TEST(ScriptArchive, SaysHowToExportWhatIsNoScript) {
  const std::vector<std::pair<std::string, std::string>> others = {
      {"", "are zip files"},
      {"\x80\x02\x8a\x0a legacy", "are zip files"},
      {Zip({{"state/data.pkl", "."}, {"state/data/0", "...."}}), "torch.save() wrote it"},
      {Zip({{"m/archive_format", "pt2"}, {"m/models/model.json", "{}"}}), "torch.export wrote it"},
      {Zip({{"a.npy", ""}}), "holds no TorchScript"},
      {Zip({}), "holds no TorchScript"}};
  for (const auto& [content, expected] : others) {
    const auto writer = WriterOf(content);
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, ErrorCode::kFile);
    EXPECT_THAT(writer.error().message, HasSubstr(expected));
    EXPECT_THAT(writer.error().message, HasSubstr("'net.pt'"));
    EXPECT_THAT(writer.error().hint, HasSubstr("torch.jit.script"));
  }
}

TEST(ScriptArchive, RefusesWhatIsCutOff) {
  const std::string whole = Zip({{"net/data.pkl", "."}, {"net/code/__torch__.py", "code"}});
  for (std::size_t size = 2; size < whole.size(); ++size) {
    const auto writer = WriterOf(whole.substr(0, size));
    ASSERT_FALSE(writer) << size;
    EXPECT_EQ(writer.error().code, ErrorCode::kFile);
  }
}

TEST(ScriptArchive, FindsDamagedContents) {
  std::string whole = Zip({{"net/data.pkl", "."}, {"net/code/__torch__.py", "some code"}});
  whole[whole.find("some code")] ^= 1;
  const auto writer = WriterOf(whole);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::kFile);
  EXPECT_THAT(writer.error().message, HasSubstr("net/code/__torch__.py"));
}

}  // namespace
}  // namespace delstep
