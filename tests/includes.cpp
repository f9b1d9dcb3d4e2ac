// SPDX-License-Identifier: Apache-2.0
// The drawing of the includes: no circle between folders, none between headers. THAW_INCLUDES=1 prints it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/source_tree.h"

using namespace thaw;

namespace {

// From each name to those that it names.
using Graph = std::map<std::string, std::set<std::string>>;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_header(const std::string& path) { return path.ends_with(".h") || path.ends_with(".inc"); }

// What f makes of each source and each header that it names in quotes; tests may name anything.
template <typename F>
void for_includes(const F& f) {
  for (const Source& source : sources()) {
    if (source.path.starts_with("tests/") || is_shader(source.path)) continue;
    for (const std::string& line : source.lines)
      if (const Include include = include_of(line); include.quoted) f(source.path, include.header);
  }
}

Graph folders() {
  Graph graph;
  for_includes([&](const std::string& from, const std::string& to) {
    graph[folder_of(from)];
    if (folder_of(from) != folder_of(to)) graph[folder_of(from)].insert(folder_of(to));
  });
  return graph;
}

Graph headers() {
  Graph graph;
  for_includes([&](const std::string& from, const std::string& to) {
    if (is_header(from)) graph[from].insert(to);
  });
  return graph;
}

// All that can be reached from a name.
std::set<std::string> reached_from(const Graph& graph, const std::string& start) {
  std::set<std::string> reached;
  std::vector<std::string> waiting{start};
  while (!waiting.empty()) {
    const auto found = graph.find(waiting.back());
    waiting.pop_back();
    if (found == graph.end()) continue;
    for (const std::string& next : found->second)
      if (reached.insert(next).second) waiting.push_back(next);
  }
  return reached;
}

// Those that can be reached from themselves.
std::vector<std::string> on_circles(const Graph& graph) {
  std::vector<std::string> found;
  for (const auto& [name, named] : graph)
    if (reached_from(graph, name).count(name)) found.push_back(name);
  return found;
}

// A line a name, those that know the most first; an arrow that longer ways imply is left out.
std::string drawing(const Graph& graph) {
  std::vector<std::pair<size_t, std::string>> order;
  for (const auto& [name, named] : graph) order.emplace_back(reached_from(graph, name).size(), name);
  std::sort(order.rbegin(), order.rend());
  std::string text;
  for (const auto& [count, name] : order) {
    std::string line = fmt::format("{:<28}", name);
    for (const std::string& to : graph.at(name)) {
      const bool implied = std::ranges::any_of(graph.at(name), [&](const std::string& other) {
        return other != to && reached_from(graph, other).count(to) && !reached_from(graph, to).count(other);
      });
      if (!implied) line += " -> " + to;
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("layering: no circle between folders") {
  const Graph graph = folders();
  CHECK(graph.size() > 15);
  for (const std::string& name : on_circles(graph)) {
    std::string line = name + " is on a circle:";
    for (const std::string& to : graph.at(name))
      if (reached_from(graph, to).count(name)) line += " -> " + to;
    FAIL_CHECK(line);
  }
  if (std::getenv("THAW_INCLUDES")) std::fputs(drawing(graph).c_str(), stdout);
}

TEST_CASE("layering: no circle between headers") {
  const Graph graph = headers();
  CHECK(graph.size() > 100);
  for (const std::string& name : on_circles(graph)) FAIL_CHECK(name << " includes itself by others");
}

TEST_CASE("layering: circles are seen, and the drawing leaves out what is implied") {
  const Graph tree{{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}};
  CHECK(on_circles(tree).empty());
  CHECK(drawing(tree) == fmt::format("{:<28} -> b\n{:<28} -> c\n{:<28}\n", "a", "b", "c"));
  const Graph circle{{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}};
  CHECK(on_circles(circle) == std::vector<std::string>{"b", "c"});
  CHECK(folder_of("tensor/io/json.h") == "tensor/io");
  CHECK(folder_of("tensor/shape.h") == "tensor");
}
