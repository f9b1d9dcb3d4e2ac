// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommands of plain texts.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "debian-descriptions" makes a corpus, "byte-baseline" measures what counting bytes knows of one.
void add_description_commands(CLI::App& app);

}  // namespace thaw
