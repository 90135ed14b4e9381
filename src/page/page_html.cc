#include "page/page_html.h"

// Where CMake has found the built page, page_data.S holds its bytes between these two.
#ifdef DELSTEP_HAS_PAGE
extern "C" const char delstep_page_begin[];
extern "C" const char delstep_page_end[];
#endif

namespace delstep {
namespace {

std::string Escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

std::string_view PageHtml() {
#ifdef DELSTEP_HAS_PAGE
  return {delstep_page_begin, static_cast<std::size_t>(delstep_page_end - delstep_page_begin)};
#else
  return R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>DEL-Step</title><link rel="icon" href="data:,"></head>
<body><h1>DEL-Step</h1><p>This program was built without its page: run <code>./dev setup</code> and build again.</p><!--nodes--></body></html>
)";
#endif
}

std::string PageWithNodes(std::string_view html,
                          std::span<const std::pair<std::string, std::string>> nodes) {
  constexpr std::string_view kMarker = "<!--nodes-->", kEnd = "</body>";
  std::string list = "<ul id=\"nodes-text\">";
  for (const auto& [address, name] : nodes)
    list += "<li>" + Escaped(address) + (name.empty() ? "" : " " + Escaped(name)) + "</li>";
  list += "</ul>";
  std::string page(html);
  if (const auto at = page.find(kMarker); at != std::string::npos)
    return page.replace(at, kMarker.size(), list);
  const auto end = page.rfind(kEnd);
  return page.insert(end == std::string::npos ? page.size() : end, list);
}

}  // namespace delstep
