#include <fmt/format.h>

#include <limits>

#include "archive/zip.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

constexpr std::size_t kAlignment = 64;  // that of PyTorch

/// Writes a pickle of protocol 2; the letters are the opcodes of Python's pickletools.
class Pickler {
 public:
  Pickler() : text_("\x80\x02}(") {}  // PROTO 2, EMPTY_DICT, MARK

  void Add(std::size_t key, const NamedArrayView& tensor) {
    Text(tensor.name);
    text_ += "ctorch._utils\n_rebuild_tensor_v2\n(";  // GLOBAL, MARK
    AddStorage(key, tensor);
    Number(0);
    // Row-major, as PyTorch's own contiguous tensors.
    std::vector<std::int64_t> strides(tensor.shape.size());
    std::int64_t stride = 1;
    for (std::size_t d = strides.size(); d-- > 0;
         stride *= std::max<std::int64_t>(tensor.shape[d], 1))
      strides[d] = stride;
    Tuple(tensor.shape);
    Tuple(strides);
    text_ +=
        "\x89"                           // NEWFALSE: requires_grad
        "ccollections\nOrderedDict\n)R"  // hooks: GLOBAL, EMPTY_TUPLE, REDUCE
        "tR";                            // TUPLE, REDUCE
  }
  std::string Finish() && { return std::move(text_ += "u."); }  // SETITEMS, STOP

 private:
  void AddStorage(std::size_t key, const NamedArrayView& tensor) {
    text_ += '(';
    Text("storage");
    text_ += tensor.is_integer ? "ctorch\nLongStorage\n" : "ctorch\nFloatStorage\n";
    Text(std::to_string(key));
    Text("cpu");
    Number(static_cast<std::int64_t>(tensor.content.size() / (tensor.is_integer ? 8 : 4)));
    text_ += "tQ";  // TUPLE, BINPERSID
  }

  void Text(std::string_view text) {
    text_ += 'X';  // BINUNICODE
    Bytes(static_cast<std::int64_t>(text.size()), 4);
    text_ += text;
  }
  void Number(std::int64_t number) {
    if (number <= std::numeric_limits<std::int32_t>::max()) {
      text_ += 'J';  // BININT
      Bytes(number, 4);
    } else {
      text_ += "\x8a\x08";  // LONG1
      Bytes(number, 8);
    }
  }
  void Tuple(std::span<const std::int64_t> numbers) {
    text_ += '(';
    for (const std::int64_t number : numbers) Number(number);
    text_ += 't';
  }
  void Bytes(std::int64_t number, int count) {
    for (int i = 0; i < count; ++i) text_ += static_cast<char>(number >> 8 * i);
  }

  std::string text_;
};

}  // namespace

void WritePt(std::ostream& out, std::span<const NamedArrayView> tensors) {
  Pickler pickler;
  for (std::size_t i = 0; i < tensors.size(); ++i) pickler.Add(i, tensors[i]);
  const std::string pickle = std::move(pickler).Finish();
  ZipWriter zip(out);
  const auto add = [&](const std::string& name, std::span<const std::byte> content) {
    zip.Add("archive/" + name, content, {.alignment = kAlignment});
  };
  const auto text = [](std::string_view words) { return std::as_bytes(std::span(words)); };
  add("data.pkl", text(pickle));
  // What newer versions of PyTorch ask for; older ones pass over it.
  add("byteorder", text("little"));
  for (std::size_t i = 0; i < tensors.size(); ++i)
    add(fmt::format("data/{}", i), tensors[i].content);
  add("version", text("3\n"));
  zip.Finish();
}

}  // namespace delstep
