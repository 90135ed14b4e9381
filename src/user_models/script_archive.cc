#include "user_models/script_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "archive/zip.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr const char* kHowToSave = "in Python: torch.jit.script(model).save(\"net.pt\")";

/// "net/data.pkl" and what lies beside it.
class Archive {
 public:
  explicit Archive(const ZipReader& zip) : zip_(zip) {
    if (!zip.entries().empty()) {
      const std::string& first = zip.entries().front().name;
      folder_ = first.substr(0, first.find('/') + 1);
    }
  }

  bool Has(const std::string& name) const { return zip_.Find(folder_ + name) != nullptr; }
  bool HasFolder(const std::string& name) const {
    return std::ranges::any_of(zip_.entries(), [&](const ZipEntry& entry) {
      return entry.name.starts_with(folder_ + name + '/');
    });
  }
  /// The first bytes of a short entry; "" if it is not there.
  Result<std::string> Text(const std::string& name) const {
    const ZipEntry* entry = zip_.Find(folder_ + name);
    if (entry == nullptr) return std::string();
    DELSTEP_ASSIGN(const auto source, zip_.Read(*entry));
    std::array<std::uint8_t, 64> bytes;
    DELSTEP_ASSIGN(const std::size_t size, source->Read(bytes));
    return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  }

 private:
  const ZipReader& zip_;
  std::string folder_;
};

/// Reads all of every entry, which finds damage that LibTorch would trip over.
Result<void> CheckContents(const ZipReader& zip) {
  std::vector<std::uint8_t> piece(65536);
  for (const ZipEntry& entry : zip.entries()) {
    DELSTEP_ASSIGN(const auto source, zip.Read(entry));
    for (std::size_t got = piece.size(); got == piece.size();) {
      DELSTEP_ASSIGN(got, source->Read(piece));
    }
  }
  return {};
}

Error NoScript(const std::string& name, std::string_view what) {
  return BadFile(fmt::format("'{}' is {}", name, what), kHowToSave);
}

}  // namespace

Result<std::string> WriterOfScript(std::span<const std::uint8_t> content, const std::string& name) {
  constexpr std::array<std::uint8_t, 2> kZip = {'P', 'K'};
  if (content.size() < 2 || !std::equal(kZip.begin(), kZip.end(), content.begin()))
    return NoScript(name, "no TorchScript file: those are zip files, and this is none");
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Parse(content, name));
  const Archive archive(zip);
  if (!archive.HasFolder("code")) {
    if (archive.Has("data.pkl"))
      return NoScript(name,
                      "no TorchScript file: torch.save() wrote it, which keeps values but no "
                      "code that could run without Python");
    if (std::ranges::any_of(zip.entries(), [](const ZipEntry& entry) {
          return entry.name.ends_with("exported_program.json") ||
                 entry.name.ends_with("models/model.json");
        }))
      return NoScript(name, "no TorchScript file: torch.export wrote it");
    return NoScript(name, "a zip file, but holds no TorchScript");
  }
  DELSTEP_TRY(CheckContents(zip));
  DELSTEP_ASSIGN(const std::string format, archive.Text("version"));
  const bool is_told = ParseUnsigned(Trim(format)).has_value();
  return fmt::format("PyTorch{} (file format {})", archive.Has("byteorder") ? " 2.1 or later" : "",
                     is_told ? Trim(format) : "not told");
}

}  // namespace delstep
