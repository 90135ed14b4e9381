#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/files.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

using Tensors = Result<std::vector<NamedArray>>;

/// The first bytes; fewer where there are not as many.
Result<std::string> Beginning(const std::filesystem::path& file) {
  DELSTEP_ASSIGN(FileSource source, FileSource::Open(file, "zip"));
  std::array<std::uint8_t, 64> bytes;
  DELSTEP_ASSIGN(const std::size_t got, source.Read(bytes));
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got));
}

/// The ending of the format that the file is of, whatever it is called; empty where the content
/// does not tell.
std::string_view EndingOf(const std::filesystem::path& file, std::string_view beginning) {
  // The size of a header in eight bytes, then the header, which is JSON.
  if (beginning.size() > 9 && beginning.substr(4, 4) == std::string_view("\0\0\0\0", 4) &&
      beginning.substr(8, 2) == "{\"")
    return ".safetensors";
  if (!beginning.starts_with("PK")) return {};
  const auto zip = ZipReader::Open(file);
  if (!zip) return {};
  const auto has = [&](std::string_view ending) {
    return std::ranges::any_of(
        zip->entries(), [ending](const ZipEntry& entry) { return entry.name.ends_with(ending); });
  };
  if (has("data.pkl")) return ".pt";
  if (has("weights.h5")) return ".keras";
  return has(".npy") ? ".npz" : "";
}

/// A file of another format than its ending says, or of one that is not read.
Result<void> CheckFormat(const std::filesystem::path& file, std::string_view ending) {
  DELSTEP_ASSIGN(const std::string beginning, Beginning(file));
  const std::string_view is = EndingOf(file, beginning);
  if (is == ".keras")
    return BadFile(fmt::format("'{}' is a model of Keras", file.string()),
                   "in Python: numpy.savez('weights.npz', **{w.path: w.numpy() for w in "
                   "model.weights})");
  if (is.empty() || is == ending) return {};
  return BadFile(fmt::format("'{}' is {} by its content", file.string(),
                             is == ".pt" ? "a file of torch.save()" : fmt::format("a {} file", is)),
                 fmt::format("the ending tells the format: rename it to end in {}", is));
}

Tensors ReadSafetensorsFile(const std::filesystem::path& file) {
  DELSTEP_TRY(CheckFormat(file, ".safetensors"));
  DELSTEP_ASSIGN(FileSource source, FileSource::Open(file));
  return ReadSafetensors(source);
}

Tensors ReadNpzFile(const std::filesystem::path& file) {
  DELSTEP_TRY(CheckFormat(file, ".npz"));
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Open(file));
  return ReadNpzTensors(zip);
}

Tensors ReadPtFile(const std::filesystem::path& file) {
  DELSTEP_TRY(CheckFormat(file, ".pt"));
  DELSTEP_ASSIGN(const std::string beginning, Beginning(file));
  // 0x80 begins a pickle: before PyTorch 1.6 a file was pickles, one after the other, of which the
  // first is a number that says so.
  constexpr std::string_view kTorchNumber = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  const bool is_pickle = beginning.starts_with('\x80');
  if (is_pickle && beginning.find(kTorchNumber) == beginning.npos)
    return BadFile(
        fmt::format("'{}' is a pickle of Python, and no file of torch.save()", file.string()),
        "if you trust it and it is a dict of arrays, in Python: "
        "numpy.savez('weights.npz', **pickle.load(open(FILE, 'rb')))");
  if (is_pickle)
    return BadFile(fmt::format("'{}' is of the old format of torch.save(), which is no zip file",
                               file.string()),
                   "in Python: torch.save(torch.load(FILE, weights_only=True), FILE, "
                   "_use_new_zipfile_serialization=True)");
  if (!beginning.starts_with("PK"))
    return BadFile(fmt::format("'{}' is no file of torch.save(): those are zip files, and this is "
                               "none",
                               file.string()),
                   "in Python: torch.save(model.state_dict(), FILE)");
  DELSTEP_ASSIGN(const ZipReader zip, ZipReader::Open(file));
  return ReadPt(zip);
}

/// Every format is written through ReplaceFile(): whole or not at all.
WriteTensors Writer(void (*write)(std::ostream&, std::span<const NamedArrayView>)) {
  return [write](const std::filesystem::path& file, std::span<const NamedArrayView> tensors) {
    return ReplaceFile(file.string(), [&](std::ostream& out) { write(out, tensors); });
  };
}

}  // namespace

void AddTensorFormats(Parts<ReadTensors>& readers, Parts<WriteTensors>& writers) {
  const auto add = [&](const char* ending, const char* sentence, ReadTensors read,
                       WriteTensors write) {
    readers.Add(ending, sentence, std::move(read));
    writers.Add(ending, sentence, std::move(write));
  };
  add(".safetensors", "safetensors", ReadSafetensorsFile, Writer(WriteSafetensors));
  add(".npz", "NumPy: an array a tensor", ReadNpzFile, Writer(WriteNpzTensors));
  add(".pt", "PyTorch: a dict of tensors", ReadPtFile, Writer(WritePt));
  add(".pth", "PyTorch: a dict of tensors", ReadPtFile, Writer(WritePt));
  for (const char* ending : {".ckpt", ".bin", ".pth.tar"})
    readers.Add(ending, "PyTorch: a dict of tensors", ReadPtFile);
}

}  // namespace delstep
