// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommand that puts pictures side by side.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "contact-sheet": a PNG file of many pictures.
void add_contact_sheet_command(CLI::App& app);

}  // namespace thaw
