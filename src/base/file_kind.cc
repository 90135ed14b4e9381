#include "base/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/shell_word.h"
#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

using namespace std::string_view_literals;

/// A kind of file that is known by what stands at one place of it.
struct Magic {
  std::string_view name;  // in `takes`
  std::size_t at;
  std::string_view bytes;
  std::string_view what;
  std::string_view hint;  // {} is the file
};

constexpr std::string_view kOffice = "is a document of an office program (.xlsx, .docx)";
constexpr std::string_view kSaveSheet = "save the sheet as CSV, or the text as plain text in UTF-8";

constexpr std::array kMagic = {
    Magic{"gzip", 0, "\x1f\x8b\x08"sv, "is packed by gzip", "unpack it: gzip -dc {} > NEW"},
    Magic{"office", 30, "[Content_Types].xml"sv, kOffice, kSaveSheet},
    Magic{"office", 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv,
          "is a document of an office program (.xls, .doc)", kSaveSheet},
    // Other programs begin such a file with other parts.
    Magic{"office", 30, "docProps/app.xml"sv, kOffice, kSaveSheet},
    Magic{"office", 30, "docProps/core.xml"sv, kOffice, kSaveSheet},
    Magic{"office", 30, "_rels/.rels"sv, kOffice, kSaveSheet},
    Magic{"office", 30, "xl/w"sv, kOffice, kSaveSheet},
    Magic{"office", 30, "word/document.xml"sv, kOffice, kSaveSheet},
    Magic{"office", 30, "mimetypeapplication/vnd.oasis.opendocument"sv,
          "is a document of an office program (.ods, .odt)", kSaveSheet},
    Magic{"zip", 30, "manifest.json{\n  \"format\": \"DEL-Step checkpoint\""sv,
          "is a checkpoint of DEL-Step", "go on from it: delstep --resume {}"},
    Magic{"zip", 0, "PK\x03\x04"sv, "is a zip archive", "unpack it: unzip {}"},
    Magic{"zip", 0, "PK\x05\x06"sv, "is an empty zip archive", "fetch or write it again"},
    Magic{"xz", 0,
          "\xfd"
          "7zXZ\0"sv,
          "is packed by xz", "unpack it: xz -dc {} > NEW"},
    Magic{"zstd", 0, "\x28\xb5\x2f\xfd"sv, "is packed by zstd", "unpack it: zstd -dc {} > NEW"},
    Magic{"bzip2", 4, "1AY&SY"sv, "is packed by bzip2", "unpack it: bzip2 -dc {} > NEW"},
    Magic{"7z", 0, "7z\xbc\xaf\x27\x1c"sv, "is a 7z archive", "unpack it: 7z x {}"},
    Magic{"lz4", 0, "\x04\x22\x4d\x18"sv, "is packed by lz4", "unpack it: lz4 -dc {} > NEW"},
    Magic{"rar", 0, "Rar!\x1a\x07"sv, "is a rar archive", "unpack it: unrar x {}"},
    Magic{"tar", 257, "ustar"sv, "is a tar archive", "unpack it: tar xf {}"},
    Magic{"hdf5", 0, "\x89HDF\r\n\x1a\n"sv, "is an HDF5 file (.h5)",
          "save what it holds by numpy.savez, or a model's weights as .npz or .safetensors"},
    Magic{"parquet", 0, "PAR1\x15"sv, "is a Parquet table",
          "in Python: pandas.read_parquet(FILE).to_csv('table.csv', index=False)"},
    Magic{"pdf", 0, "%PDF-"sv, "is a PDF", "save its text as a file of text"},
    Magic{"npy", 0, "\x93NUMPY"sv, "is a single NumPy array (.npy)",
          "put all arrays into one .npz file: numpy.savez(FILE, x_train=x, y_train=y)"},
};

bool IsHtmlName(const std::string& name) {
  const std::string lower = Lower(name);
  return lower.ends_with(".html") || lower.ends_with(".htm");
}

bool IsHtml(std::string_view beginning) {
  if (beginning.starts_with(kByteOrderMark)) beginning.remove_prefix(kByteOrderMark.size());
  const std::string start = Lower(Trim(beginning.substr(0, kKindBytes)));
  return start.starts_with("<!doctype html") || start.starts_with("<html");
}

/// The encoding whose byte order mark the text begins with; empty if there is none.
std::string_view MarkedEncoding(std::string_view text) {
  // The mark of UTF-32 begins with that of UTF-16.
  if (text.starts_with("\xff\xfe\0\0"sv) || text.starts_with("\0\0\xfe\xff"sv)) return "utf-32";
  if (text.starts_with("\xff\xfe"sv) || text.starts_with("\xfe\xff"sv)) return "utf-16";
  return {};
}

/// Text of Latin letters in UTF-16 without a mark has a byte 0 in every second place.
std::string_view UnmarkedEncoding(std::string_view text) {
  text = text.substr(0, kKindBytes / 2 * 2);
  std::size_t zeros[2] = {};
  for (std::size_t i = 0; i < text.size(); ++i) zeros[i % 2] += text[i] == '\0' ? 1 : 0;
  if (text.size() < 4) return {};
  const std::size_t many = std::max<std::size_t>(2, text.size() / 2 * 3 / 4);
  if (zeros[1] >= many && zeros[0] == 0) return "utf-16le";
  if (zeros[0] >= many && zeros[1] == 0) return "utf-16be";
  return {};
}

std::string Iconv(std::string_view encoding, const std::string& name) {
  const std::string word = ShellWord(name);
  if (Lower(name).ends_with(".gz"))
    return fmt::format("convert it: gzip -dc {} | iconv -f {} -t utf-8 > NEW", word, encoding);
  return fmt::format("convert it: iconv -f {} -t utf-8 {} > NEW", encoding, word);
}

/// The encoding of one byte a letter that the bytes may be: a text in latin1 holds none from 0x80
/// to 0x9f, where Windows has quotes and dashes. Empty if neither is likely: the bytes are mostly
/// beyond ASCII, or some are control characters.
std::string_view NarrowEncoding(std::string_view text) {
  std::size_t high = 0, letters = 0;
  bool windows = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f') return {};
    if (byte == 0x7f) return {};
    if (byte < 0x80) letters += IsWordCharacter(byte) ? 1 : 0;
    if (byte < 0x80) continue;
    ++high;
    if (byte >= 0xa0) continue;
    // Five bytes mean nothing in the encoding of Windows either.
    if ("\x81\x8d\x8f\x90\x9d"sv.find(c) != std::string_view::npos) return {};
    windows = true;
  }
  if (high == 0 || high > letters / 2) return {};
  return windows ? "windows-1252" : "latin1";
}

/// Whether a text with a byte that is no UTF-8 is UTF-8 otherwise: it holds a letter of several
/// bytes, or a first byte of the letters of Western Europe without the second one, which in latin1
/// would be a rare letter at the end of a word.
bool IsDamagedUtf8(std::string_view text) {
  constexpr std::string_view kFirstBytes = "\xc2\xc3";
  while (!text.empty()) {
    const std::size_t size = CodePointSize(text);
    if (size > 1) return true;
    const bool is_cut = size == 0 && kFirstBytes.find(text[0]) != std::string_view::npos &&
                        (text.size() == 1 || static_cast<unsigned char>(text[1]) < 0x80);
    if (is_cut) return true;
    text.remove_prefix(1);
  }
  return false;
}

}  // namespace

std::optional<Error> StandIn(std::string_view beginning, const std::string& name) {
  beginning = beginning.substr(0, kKindBytes);
  if (beginning.starts_with("version https://git-lfs.github.com/spec/") ||
      beginning.starts_with("version https://hawser.github.com/spec/"))
    return BadFile(fmt::format("'{}' is a pointer of Git LFS, not the file itself", name),
                   "fetch the file, in its repository: git lfs pull");
  if (beginning.starts_with("/annex/objects/"))
    return BadFile(
        fmt::format("'{}' is a pointer of git-annex, not the file itself", name),
        fmt::format("fetch the file, in its repository: git annex get {}", ShellWord(name)));
  if (!IsHtmlName(name) && IsHtml(beginning))
    return BadFile(fmt::format("'{}' is a web page (HTML), not the file itself", name),
                   "the download gave the page around the file, or an error: fetch it again, from "
                   "the link to the file");
  return std::nullopt;
}

std::optional<Error> OtherKind(std::string_view beginning, const std::string& name,
                               std::string_view takes) {
  if (auto stand_in = StandIn(beginning, name)) return stand_in;
  const auto taken = Split(takes, ' ');
  for (const Magic& magic : kMagic) {
    if (beginning.substr(std::min(magic.at, beginning.size()), magic.bytes.size()) != magic.bytes)
      continue;
    if (std::ranges::find(taken, magic.name) != taken.end()) continue;
    return BadFile(fmt::format("'{}' {}", name, magic.what),
                   fmt::format(fmt::runtime(magic.hint), ShellWord(name)));
  }
  return std::nullopt;
}

std::optional<Error> WideText(std::string_view text, const std::string& name) {
  std::string_view encoding = MarkedEncoding(text);
  if (encoding.empty() && text.substr(0, kKindBytes).find('\0') != std::string_view::npos)
    encoding = UnmarkedEncoding(text);
  if (encoding.empty()) return std::nullopt;
  return BadFile(fmt::format("'{}' is in {}, expected UTF-8", name,
                             encoding.starts_with("utf-32") ? "UTF-32" : "UTF-16"),
                 Iconv(encoding, name));
}

std::optional<Error> NoText(std::string_view text, const std::string& name) {
  if (auto wide = WideText(text, name)) return wide;
  const auto nul = text.find('\0');
  if (nul == std::string_view::npos) return std::nullopt;
  return BadFile(fmt::format("'{}', byte {}: a byte 0, so this is no text", name, nul),
                 "a file of text in UTF-8 is expected");
}

std::string EncodingHint(std::string_view text, const std::string& name) {
  std::string_view encoding = MarkedEncoding(text);
  if (encoding.empty()) encoding = UnmarkedEncoding(text);
  if (encoding.empty() && IsDamagedUtf8(text)) return kDamagedUtf8Hint;
  if (encoding.empty()) encoding = NarrowEncoding(text);
  if (encoding.empty()) return "save the text in UTF-8";
  if (encoding.starts_with("utf")) return Iconv(encoding, name);
  return "if it is a text of Western Europe, " + Iconv(encoding, name);
}

}  // namespace delstep
