#include "archive/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

constexpr std::array<std::uint8_t, 6> kMagic = {0x93, 'N', 'U', 'M', 'P', 'Y'};
constexpr std::size_t kLongestHeader = 65536, kMostDimensions = 64;

Error Wrong(const ByteSource& source, std::uint64_t offset, const std::string& what,
            std::string hint = "save the array again with numpy.save or numpy.savez") {
  return BadFile(fmt::format("'{}', byte {}: {}", source.name(), offset, what), std::move(hint));
}

Result<void> ReadAll(ByteSource& source, std::uint64_t offset, std::span<std::uint8_t> into) {
  DELSTEP_ASSIGN(const std::size_t got, source.Read(into));
  if (got == into.size()) return {};
  return Wrong(source, offset + got,
               fmt::format("the content ends in the header, expected {} more",
                           Count(into.size() - got, "byte")));
}

/// Why an array of this dtype is of no use, and what to do. `code` is that of NumPy, without the
/// byte order.
// The hint is what to write in Python: who saved the array has it open there.
Error Unusable(const ByteSource& source, std::string_view descr) {
  const std::string_view code = descr.substr(std::min<std::size_t>(descr.size(), 1));
  const std::pair<char, const char*> kinds[] = {
      {'b', "truth values; save it with .astype('uint8')"},
      {'c', "complex numbers; save their real and imaginary parts as two features"},
      {'O', "Python objects, which only Python could read; save an array of numbers"},
      {'S', "text; save numbers, classes from 0"},
      {'U', "text; save numbers, classes from 0"},
      {'M', "dates; save x.astype('float32')"},
      {'m', "time spans; save x.astype('float32')"},
      {'V', "structures; save one plain array"},
  };
  for (const auto& [kind, what] : kinds) {
    if (!code.starts_with(kind)) continue;
    const std::string_view text = what;
    const std::size_t stop = text.find(';');
    return Wrong(source, 10,
                 fmt::format("the array's dtype {} means {}, expected whole numbers or floats",
                             Printable(descr.substr(0, 20)), text.substr(0, stop)),
                 std::string(text.substr(stop + 2)));
  }
  return Wrong(source, 10,
               fmt::format("found the dtype '{}', expected one such as |u1, <i8 or <f4",
                           Printable(descr.substr(0, 20))),
               "save x.astype('float32')");
}

/// The one dictionary of a header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 28), }.
// By hand rather than as Python: the header is a literal, and nothing of it is evaluated.
class Parser {
 public:
  Parser(const ByteSource& source, std::string_view text, std::size_t offset, TruthValues truth)
      : source_(source), text_(text), offset_(offset), truth_(truth) {}

  Result<NpyHeader> Parse() {
    DELSTEP_TRY(Expect('{'));
    while (!Take('}')) {
      DELSTEP_ASSIGN(const std::string_view key, Quoted());
      DELSTEP_TRY(Expect(':'));
      DELSTEP_TRY(ReadValue(key));
      if (Take(',')) continue;
      DELSTEP_TRY(Expect('}'));
      break;
    }
    SkipBlanks();
    if (at_ < text_.size()) return Unexpected("the end of the header");
    if (!has_descr_ || !has_order_ || !has_shape_)
      return Unexpected("a dictionary with 'descr', 'fortran_order' and 'shape'");
    return header_;
  }

 private:
  Result<void> ReadValue(std::string_view key) {
    if (key == "descr") return has_descr_ = true, ReadDescr();
    if (key == "fortran_order") return has_order_ = true, ReadOrder();
    if (key == "shape") return has_shape_ = true, ReadShape();
    return Unexpected("'descr', 'fortran_order' or 'shape'");
  }

  Result<void> ReadDescr() {
    SkipBlanks();
    if (text_.substr(at_).starts_with('[')) return Unusable(source_, "|V");
    DELSTEP_ASSIGN(const std::string_view descr, Quoted());
    const std::uint64_t size = descr.size() > 2 ? ParseUnsigned(descr.substr(2)).value_or(0) : 0;
    const char order = descr.empty() ? ' ' : descr[0], kind = descr.size() > 1 ? descr[1] : ' ';
    if (kind == 'b' && size == 1 && truth_ == TruthValues::kAsBytes) {
      header_.kind = 'u';
      header_.item_size = 1;
      return {};
    }
    const bool fits = kind == 'f' ? size == 2 || size == 4 || size == 8
                                  : size == 1 || size == 2 || size == 4 || size == 8;
    const auto is_one_of = [](char c, std::string_view all) { return all.find(c) != all.npos; };
    if (!fits || !is_one_of(kind, "uif") || !is_one_of(order, "<>|="))
      return Unusable(source_, descr);
    header_.kind = kind;
    header_.item_size = size;
    header_.big_endian = order == '>';
    return {};
  }

  Result<void> ReadOrder() {
    SkipBlanks();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      header_.fortran_order = value;
      return {};
    }
    return Unexpected("True or False");
  }

  Result<void> ReadShape() {
    DELSTEP_TRY(Expect('('));
    header_.shape.clear();
    while (!Take(')')) {
      SkipBlanks();
      const std::size_t end = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
      const auto size = ParseUnsigned(text_.substr(at_, end - at_));
      if (!size) return Unexpected("a number of at most 2^64 - 1");
      at_ = end;
      Take('L');  // Python 2 wrote long integers so
      header_.shape.push_back(*size);
      if (header_.shape.size() > kMostDimensions) return Unexpected("at most 64 dimensions");
      if (Take(',')) continue;
      DELSTEP_TRY(Expect(')'));
      break;
    }
    return {};
  }

  Result<std::string_view> Quoted() {
    SkipBlanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') return Unexpected("a text in quotes");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == text_.npos) return Unexpected("a text that ends");
    const std::string_view text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return text;
  }
  bool Take(char wanted) {
    SkipBlanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  Result<void> Expect(char wanted) {
    if (Take(wanted)) return {};
    return Unexpected(fmt::format("'{}'", wanted));
  }
  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }
  Error Unexpected(const std::string& expected) const {
    const std::string_view rest = text_.substr(at_, 20);
    return Wrong(
        source_, offset_ + at_,
        fmt::format("found {}, expected {}",
                    rest.empty() ? "the end of the header" : fmt::format("'{}'", Printable(rest)),
                    expected));
  }

  const ByteSource& source_;
  std::string_view text_;
  std::size_t offset_, at_ = 0;
  TruthValues truth_;
  NpyHeader header_;
  bool has_descr_ = false, has_order_ = false, has_shape_ = false;
};

Result<void> CheckSize(const ByteSource& source, const NpyHeader& header) {
  std::uint64_t bytes = header.item_size;
  // A dimension of 0 makes the product small however large the others are.
  if (std::ranges::count(header.shape, 0u) > 0) bytes = 0;
  for (const std::uint64_t size : header.shape) {
    if (bytes != 0 && size > (std::uint64_t{1} << 63) / bytes) {
      return Wrong(
          source, 10,
          fmt::format("found the shape {}, expected less than 2^63 bytes", header.shape_text()));
    }
    bytes *= size;
  }
  return {};
}

}  // namespace

std::uint64_t NpyHeader::count() const {
  std::uint64_t product = 1;
  if (std::ranges::count(shape, 0u) > 0) return 0;
  for (const std::uint64_t size : shape) product *= size;
  return product;
}

std::string NpyHeader::dtype() const {
  return fmt::format("{}{}{}", item_size == 1 ? '|' : big_endian ? '>' : '<', kind, item_size);
}

std::string NpyHeader::shape_text() const {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

Result<NpyHeader> ReadNpyHeader(ByteSource& source, TruthValues truth) {
  std::array<std::uint8_t, 12> start{};
  DELSTEP_TRY(ReadAll(source, 0, std::span(start).first(10)));
  if (!std::ranges::equal(std::span(start).first(6), kMagic))
    return Wrong(source, 0, "found no npy array, expected the bytes 93 'NUMPY'");
  const unsigned version = start[6];
  if (version < 1 || version > 3 || start[7] != 0) {
    return Wrong(source, 6,
                 fmt::format("found version {}.{} of the npy format, expected 1.0, 2.0 "
                             "or 3.0",
                             version, start[7]));
  }
  // Version 1 has a length of two bytes, later ones of four.
  std::size_t size = start[8] | start[9] << 8, begin = 10;
  if (version > 1) {
    DELSTEP_TRY(ReadAll(source, 10, std::span(start).subspan(10)));
    size |= std::size_t{start[10]} << 16 | std::size_t{start[11]} << 24;
    begin = 12;
  }
  if (size > kLongestHeader) {
    return Wrong(
        source, 8,
        fmt::format("found a header of {} bytes, expected at most {}", size, kLongestHeader));
  }
  std::string text(size, '\0');
  DELSTEP_TRY(ReadAll(source, begin, {reinterpret_cast<std::uint8_t*>(text.data()), size}));
  DELSTEP_ASSIGN(NpyHeader header, Parser(source, text, begin, truth).Parse());
  DELSTEP_TRY(CheckSize(source, header));
  return header;
}

std::string NpyHeaderText(std::string_view dtype, const std::vector<std::uint64_t>& shape) {
  NpyHeader header;
  header.shape = shape;
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", dtype,
                                 header.shape_text());
  constexpr std::size_t kAlignment = 64, kBegin = 10;
  // NumPy pads too: the numbers then begin at a multiple of 64 and can be mapped into memory.
  text.append(kAlignment - 1 - (kBegin + text.size()) % kAlignment, ' ');
  text += '\n';
  std::string start(kMagic.begin(), kMagic.end());
  start += {'\1', '\0', static_cast<char>(text.size() & 255), static_cast<char>(text.size() >> 8)};
  return start + text;
}

}  // namespace delstep
