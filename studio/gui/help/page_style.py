"""How a help page is set: the studio's own type and margins, links and bold words, formulas in boxes, tables with lines."""

from __future__ import annotations

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
)

from studio.gui import theme

#: What stands for a picture in the text of a block.
PICTURE = "\ufffc"
_HEADINGS = {1: "question", 2: "section", 3: "section"}
#: Lower and upper margin of a block in pixels, by heading level; 0 is running text.
_MARGINS = {1: (0, 6), 2: (10, 4), 3: (8, 2), 0: (0, 8)}


def style_page(document: QTextDocument) -> None:
    """Set a document that was made from Markdown; to be done within one edit block, or each change is laid out."""
    block = document.begin()
    while block.isValid():
        _style_block(block)
        block = block.next()
    _style_tables(document)
    _box_formulas(document)


def _style_block(block: QTextBlock) -> None:
    colors = theme.current()
    level = block.blockFormat().headingLevel()
    quoted = _is_formula(block)
    form = QTextBlockFormat(block.blockFormat())
    above, below = _MARGINS.get(level, _MARGINS[0])
    form.setTopMargin(above)
    form.setBottomMargin(below)
    height = 100 if block.text() == PICTURE else 122
    form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if quoted:
        form.setLeftMargin(0)
        form.setRightMargin(0)
    if quoted or block.textList() is not None or QTextCursor(block).currentTable() is not None:
        form.setTopMargin(2)
        form.setBottomMargin(2)
    cursor = QTextCursor(block)
    cursor.setBlockFormat(form)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(_type_of(level, quoted, colors))
    _style_fragments(block)


def _style_fragments(block: QTextBlock) -> None:
    """Links in the accent, below their first line as running text, and bold words in the weight that is bundled."""
    colors = theme.current()
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        form = fragment.charFormat()
        extra = QTextCharFormat()
        if form.isAnchor() and form.anchorHref() == _last_link(block.previous()):
            extra.setForeground(colors.color("text2"))
            extra.setFontUnderline(False)
        elif form.isAnchor():
            extra.setForeground(colors.color("accent"))
            extra.setFontUnderline(False)
            extra.setFontWeight(500)
        elif form.fontWeight() > QFont.Weight.Medium:
            extra.setFontWeight(600)
            extra.setForeground(colors.color("text"))
        adjusted = form.hasProperty(QTextFormat.Property.FontSizeAdjustment)
        if adjusted or not extra.isEmpty():
            whole = QTextCharFormat(form)
            whole.merge(extra)
            whole.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # it would undo the size in pixels
            cursor = QTextCursor(block)
            cursor.setPosition(fragment.position())
            cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(whole)
        iterator += 1


def _last_link(block: QTextBlock) -> str:
    """Where the last words of a block lead to; empty where they lead nowhere or there is no block."""
    if not block.isValid() or not block.text():
        return ""
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    return cursor.charFormat().anchorHref()


def _is_formula(block: QTextBlock) -> bool:
    return block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel) > 0


def _box_formulas(document: QTextDocument) -> None:
    """Put each block quote into a frame of its own, sunken and padded."""
    box = QTextFrameFormat()
    box.setBackground(theme.current().color("sunken"))
    box.setPadding(10)
    box.setBottomMargin(8)
    box.setBorder(0)
    block = document.begin()
    while block.isValid():
        first, block = block, block.next()
        if not _is_formula(first):
            continue
        last = first
        while block.isValid() and _is_formula(block):
            last, block = block, block.next()
        cursor = QTextCursor(first)
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        frame = cursor.insertFrame(box)
        block = frame.lastCursorPosition().block().next()
        for beside in (frame.firstCursorPosition().block().previous(), block):
            if beside.isValid() and beside.length() == 1:
                _flatten(beside)


def _flatten(block: QTextBlock) -> None:
    """Take the height from an empty block that Qt leaves beside a frame."""
    form = QTextBlockFormat()
    form.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    QTextCursor(block).setBlockFormat(form)


def _style_tables(document: QTextDocument) -> None:
    """Found by their blocks: what Qt says of a document's frames outlives them, page after page."""
    block = document.begin()
    while block.isValid():
        table = QTextCursor(block).currentTable()
        if table is not None:
            form = table.format().toTableFormat()
            form.setBorderBrush(theme.current().color("border"))
            form.setBorderCollapse(True)
            form.setCellPadding(4)
            form.setBottomMargin(8)
            table.setFormat(form)
            block = table.lastCursorPosition().block()
        block = block.next()


def _type_of(level: int, formula: bool, colors: theme.Theme) -> QTextCharFormat:
    form = QTextCharFormat()
    if formula:
        serif = theme.font("formula")
        form.setFontFamilies(serif.families())
        form.setProperty(QTextFormat.Property.FontPixelSize, 14)
        form.setForeground(colors.color("text"))
    elif level:
        style = theme.TYPE_STYLES[_HEADINGS.get(level, "section")]
        form.setProperty(QTextFormat.Property.FontPixelSize, style.size)
        form.setFontWeight(style.weight)
        form.setForeground(colors.color("text" if level == 1 else style.color))
    else:
        form.setForeground(colors.color("text2"))
    return form
