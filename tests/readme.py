"""A README as what it promises: its blocks of code, its sections with their tables, its links."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

Row = dict[str, str]


@dataclass
class Section:
    """A heading, and what stands below it before the next one.

    Args:
        title: The heading.
        level: 1 for the title of the file, 2 for its chapters, and so on.
        anchor: What a link to it ends in.
        tables: Its tables: rows from the heads of the columns to the cells.
    """

    title: str
    level: int
    anchor: str
    tables: list[list[Row]] = field(default_factory=list)

    def column(self, name: str, *, table: int = 0) -> list[str]:
        """The cells of a column, code spans without their marks."""
        return [row[name].strip("`") for row in self.tables[table]]


@dataclass
class Block:
    """A fenced block.

    Args:
        language: What stands behind the opening fence.
        line: The line of the opening fence.
        text: The text between the fences.
    """

    language: str
    line: int
    text: str = ""


class Readme:
    """A Markdown file, read as GitHub does.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blocks: list[Block] = []
        self.sections: list[Section] = []
        self.links: list[str] = []
        self._used: Counter[str] = Counter()
        self._read(path.read_text("utf-8"))

    def _read(self, text: str) -> None:
        block: Block | None = None
        heads: list[str] = []
        for number, line in enumerate(text.splitlines(), start=1):
            if block is not None and line == "```":
                block = None
            elif block is not None:
                block.text += f"{line}\n"
            elif line.startswith("```"):
                block = Block(line[3:], number)
                self.blocks.append(block)
            elif heading := re.fullmatch("(#+) (.+)", line):
                self._add_section(len(heading[1]), heading[2])
            else:
                self.links += re.findall(r"\]\(([^)\s]+)\)", re.sub("`[^`]*`", "", line))
            heads = self._add_row(heads, line) if block is None and line.startswith("|") else []

    def _add_section(self, level: int, title: str) -> None:
        anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        self._used[anchor] += 1
        repeated = self._used[anchor] - 1
        self.sections.append(Section(title, level, f"{anchor}-{repeated}" if repeated else anchor))

    def _add_row(self, heads: list[str], line: str) -> list[str]:
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not heads:
            self.sections[-1].tables.append([])
            return cells
        if not re.fullmatch("[|-]+", line):
            self.sections[-1].tables[-1].append(dict(zip(heads, cells, strict=True)))
        return heads

    def python(self) -> list[Block]:
        """The blocks of Python."""
        return [block for block in self.blocks if block.language == "python"]

    def section(self, title: str) -> Section:
        """The section of a title."""
        return next(section for section in self.sections if section.title == title)

    def below(self, title: str) -> list[Section]:
        """The sections of one level below a chapter."""
        start = next(index for index, section in enumerate(self.sections) if section.title == title)
        level = self.sections[start].level
        found = []
        for section in self.sections[start + 1 :]:
            if section.level <= level:
                break
            found += [section] if section.level == level + 1 else []
        return found

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The README of a folder."""
        return cls(folder / "README.md")
